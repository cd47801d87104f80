import type { CallDraft, DraftBody } from './draft.ts';
import type { Body, Exchange } from './exchange.ts';
import { toFlat } from './headers.ts';

/** A call of a tape in the shape that a writer takes. */
export function draftOfExchange(exchange: Exchange): CallDraft {
  const { request, response, error } = exchange;
  return {
    startedAt: exchange.startedAt,
    method: request.method,
    url: request.url,
    httpVersion: request.httpVersion,
    headers: toFlat(request.headers),
    body: draftBody(request.body),
    trailers: toFlat(request.trailers),
    response:
      response === null
        ? null
        : {
            status: response.status,
            statusText: response.statusText,
            httpVersion: response.httpVersion,
            headers: toFlat(response.headers),
            body: draftBody(response.body),
            trailers: toFlat(response.trailers),
            interim: response.interim.map((one) => ({ ...one, headers: toFlat(one.headers) })),
            chunks: response.chunks.flatMap(({ atMs, size }) => [atMs, size]),
          },
    outcome: exchange.outcome,
    errorType: error?.type ?? null,
    errorMessage: error?.message ?? null,
    timings: { ...exchange.timings },
    durationMs: exchange.durationMs,
    ttfbMs: exchange.ttfbMs,
    peerAddress: exchange.peerAddress,
    fault: exchange.fault,
    retries: exchange.retries,
  };
}

function draftBody({ bytes, size }: Body): DraftBody {
  return { pieces: bytes.length === 0 ? [] : [bytes], size, hash: null };
}
