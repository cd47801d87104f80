import { openTape } from '@calltape/store';
import type { Exchange } from '@calltape/store';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { recordTape, tapeIn } from './calltape.ts';
import type { FidelityContender } from './contender.ts';
import { askAll } from './seen.ts';

/** All that a `Response` can say of a recorded answer. */
function responseOf({ response }: Exchange): Response {
  if (response === null) return Response.error();
  const { status, statusText, body } = response;
  const headers = new Headers();
  for (const [name, value] of response.headers) headers.append(name, value);
  return new Response(Buffer.from(body.bytes), { status, statusText, headers });
}

/**
 * It has no recorder, and `@msw/source` 0.6.1, which reads HAR files, does not load with MSW 3: its
 * handlers are made of what calltape recorded.
 */
export const contender: FidelityContender = {
  name: 'MSW 3.0.5',
  record: async (url, paths, folder) => {
    await recordTape(url, paths, folder);
    return await askAll(url, paths);
  },
  replay: async (url, paths, folder) => {
    const tape = openTape(tapeIn(folder));
    const exchanges = [...tape.exchanges()];
    tape.close();
    const server = setupServer(
      ...exchanges.map((exchange) => http.get(exchange.request.url, () => responseOf(exchange))),
    );
    server.listen();
    const seen = await askAll(url, paths);
    server.close();
    return seen;
  },
};
