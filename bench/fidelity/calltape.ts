import { join } from 'node:path';
import { startMock } from '@calltape/mock';
import { startProxy } from '@calltape/proxy';
import { openWriter } from '@calltape/store';
import type { FidelityContender } from './contender.ts';
import { ask, askAll } from './seen.ts';

export function tapeIn(folder: string): string {
  return join(folder, 'calls.tape');
}

/** Records the paths through the recorder. */
export async function recordTape(
  url: string,
  paths: readonly string[],
  folder: string,
): Promise<void> {
  const start = { name: 'fidelity', source: 'proxy' } as const;
  const writer = await openWriter(tapeIn(folder), start, { redact: false });
  const proxy = await startProxy({ writer, upstream: url, port: 0 });
  for (const path of paths) await ask(proxy.url + path);
  await proxy.close();
  await writer.close();
}

export const contender: FidelityContender = {
  name: 'calltape',
  record: async (url, paths, folder) => {
    await recordTape(url, paths, folder);
    return await askAll(url, paths);
  },
  replay: async (_, paths, folder) => {
    const mock = await startMock(tapeIn(folder), { latency: 'recorded' });
    const seen = await askAll(mock.url, paths);
    await mock.close();
    return seen;
  },
};
