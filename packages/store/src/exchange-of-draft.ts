import { totalsOfDraft } from './draft-messages.ts';
import type { DraftBody, DraftResponse } from './draft.ts';
import { endpointOf } from './endpoint/endpoint-of.ts';
import type { Body, Exchange, RecordedResponse, Source } from './exchange.ts';
import type { HarCall } from './har-messages-import.ts';
import { toLines } from './headers.ts';

/** What a call of a file that is no tape cannot know of itself. */
export interface DraftOrigin {
  /** Its place in the file; the first is 1. */
  readonly id: number;
  /** The file. */
  readonly recording: string;
  readonly source: Source;
}

/** A call in the shape that tapes give it, without any tape. */
export function exchangeOfDraft(draft: HarCall, origin: DraftOrigin): Exchange {
  const websocket = totalsOfDraft(draft);
  const { startedAt, method, url, httpVersion, headers, trailers, response, outcome } = draft;
  const { template, errorType, errorMessage, timings, durationMs, ttfbMs, peerAddress, fault } =
    draft;
  return {
    ...origin,
    startedAt,
    endpoint: { ...endpointOf(method, url), ...(template === undefined ? {} : { template }) },
    request: {
      method,
      url,
      httpVersion,
      headers: toLines(headers),
      body: bodyOf(draft.body),
      trailers: toLines(trailers),
    },
    response: response === null ? null : responseOf(response),
    outcome,
    error: errorType === null ? null : { type: errorType, message: errorMessage ?? '' },
    timings,
    durationMs,
    ttfbMs,
    peerAddress,
    fault,
    retries: draft.retries,
    ...(websocket === undefined ? {} : { websocket }),
  };
}

function bodyOf({ pieces, size }: DraftBody): Body {
  return { bytes: pieces.length === 1 ? (pieces[0] ?? NOTHING) : Buffer.concat(pieces), size };
}

const NOTHING = new Uint8Array(0);

function responseOf(response: DraftResponse): RecordedResponse {
  const { status, statusText, httpVersion, headers, body, trailers, interim, chunks } = response;
  return {
    status,
    statusText,
    httpVersion,
    headers: toLines(headers),
    body: bodyOf(body),
    trailers: toLines(trailers),
    interim: interim.map((one) => ({ ...one, headers: toLines(one.headers) })),
    chunks: chunks.flatMap((atMs, at) =>
      at % 2 === 1 ? [] : [{ atMs, size: chunks[at + 1] ?? 0 }],
    ),
  };
}
