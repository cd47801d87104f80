import { endpointOf } from './endpoint.ts';
import type { Exchange, HeaderLine } from './exchange.ts';
import { toFlat, toLines } from './headers.ts';
import type { Redactor } from './redact.ts';

/** An exchange without its secrets: of a tape that was recorded with them, say, before it is exported. */
export function redactExchange(exchange: Exchange, redactor: Redactor): Exchange {
  const { request, response, endpoint } = exchange;
  const lines = (given: readonly HeaderLine[]): readonly HeaderLine[] =>
    toLines(redactor.headers(toFlat(given)));
  const url = redactor.url(request.url);
  return {
    ...exchange,
    endpoint: url === request.url ? endpoint : endpointOf(request.method, url),
    request: {
      ...request,
      url,
      headers: lines(request.headers),
      trailers: lines(request.trailers),
    },
    response:
      response === null
        ? null
        : {
            ...response,
            headers: lines(response.headers),
            trailers: lines(response.trailers),
            interim: response.interim.map((one) => ({ ...one, headers: lines(one.headers) })),
          },
  };
}
