import type {
  Body,
  CallError,
  ChunkArrival,
  Exchange,
  HeaderLine,
  HttpVersion,
  InterimResponse,
  Outcome,
  RecordedResponse,
  Source,
} from './exchange.ts';
import { bodyBytes } from './body-pieces.ts';
import { readHeaders, readInterim, readNumbers } from './cell-json.ts';
import type { HeadReader } from './head-reader.ts';
import { toLines } from './headers.ts';
import type { WebSocketTotals } from './message.ts';

/** One row of {@link EXCHANGE_COLUMNS}: a call with its headers and bodies. */
export interface ExchangeRow {
  readonly id: number;
  readonly recording: string;
  readonly source: Source;
  readonly startedAt: number;
  readonly method: string;
  readonly origin: string;
  readonly template: string;
  readonly url: string;
  readonly outcome: Outcome;
  readonly httpVersion: HttpVersion;
  readonly requestHeaders: string;
  readonly requestTrailers: string | null;
  readonly requestBytes: number;
  readonly requestBody: Buffer | null;
  readonly requestBodySize: number | null;
  readonly requestBodyOmitted: string | null;
  readonly status: number | null;
  readonly statusText: string | null;
  readonly responseHttpVersion: HttpVersion | null;
  readonly responseHeaders: string | null;
  readonly responseTrailers: string | null;
  readonly responseInterim: string | null;
  readonly responseChunks: string | null;
  readonly responseBytes: number | null;
  readonly responseBody: Buffer | null;
  readonly responseBodySize: number | null;
  readonly responseBodyOmitted: string | null;
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  readonly durationMs: number | null;
  readonly ttfbMs: number | null;
  readonly blocked: number | null;
  readonly dns: number | null;
  readonly connect: number | null;
  readonly ssl: number | null;
  readonly send: number | null;
  readonly wait: number | null;
  readonly receive: number | null;
  readonly peerAddress: string | null;
  readonly fault: string | null;
  readonly retries: number;
  /** JSON: sent, bytes of them, received, bytes of them, dropped. */
  readonly websocket: string | null;
  readonly dropped: number;
}

export const EXCHANGE_COLUMNS: string = `x.id AS id, r.name AS recording, r.source AS source,
  x.started_at AS startedAt, e.method AS method, e.origin AS origin, e.template AS template,
  x.url AS url, x.outcome AS outcome, x.http_version AS httpVersion,
  x.request_headers AS requestHeaders, x.request_trailers AS requestTrailers,
  x.request_bytes AS requestBytes,
  ${bodyBytes('x.request_body_id')} AS requestBody,
  (SELECT stored_size FROM body WHERE body.id = x.request_body_id) AS requestBodySize,
  (SELECT omitted FROM body WHERE body.id = x.request_body_id) AS requestBodyOmitted,
  x.status AS status, x.status_text AS statusText, x.response_http_version AS responseHttpVersion,
  x.response_headers AS responseHeaders, x.response_trailers AS responseTrailers,
  x.response_interim AS responseInterim, x.response_chunks AS responseChunks,
  x.response_bytes AS responseBytes,
  ${bodyBytes('x.response_body_id')} AS responseBody,
  (SELECT stored_size FROM body WHERE body.id = x.response_body_id) AS responseBodySize,
  (SELECT omitted FROM body WHERE body.id = x.response_body_id) AS responseBodyOmitted,
  x.error_type AS errorType, x.error_message AS errorMessage, x.duration_ms AS durationMs,
  x.ttfb_ms AS ttfbMs, x.blocked_ms AS blocked, x.dns_ms AS dns, x.connect_ms AS connect,
  x.ssl_ms AS ssl, x.send_ms AS send, x.wait_ms AS wait, x.receive_ms AS receive,
  x.peer_address AS peerAddress, x.fault AS fault, x.retries AS retries,
  (SELECT json_array(sent, sent_bytes, received, received_bytes, dropped) FROM websocket
   WHERE websocket.exchange_id = x.id) AS websocket, x.dropped AS dropped`;

const DROPPED = [null, 'request', 'response', 'both'] as const;

// A mock keeps thousands of exchanges, most of them without these.
const NO_BYTES = new Uint8Array(0);
const NONE: readonly never[] = [];

function lines(json: string | null): readonly HeaderLine[] {
  return json === null ? NONE : toLines(readHeaders(json));
}

interface BodyCells {
  readonly bytes: Buffer | null;
  readonly storedSize: number | null;
  readonly omitted: string | null;
}

function body({ bytes, storedSize, omitted }: BodyCells, wireBytes: number | null): Body {
  const wireSize = wireBytes ?? 0;
  return {
    bytes: bytes ?? NO_BYTES,
    size: storedSize ?? wireSize,
    ...(storedSize === null ? {} : { wireSize }),
    ...(omitted === null ? {} : { omitted }),
  };
}

function interim(json: string | null): readonly InterimResponse[] {
  if (json === null) return NONE;
  return readInterim(json).map(([status, statusText, headers, atMs]) => ({
    status,
    statusText,
    headers: toLines(headers),
    atMs,
  }));
}

function chunks(json: string | null): readonly ChunkArrival[] {
  if (json === null) return NONE;
  const flat = readNumbers(json);
  const arrivals: ChunkArrival[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    arrivals.push({ atMs: flat[at] ?? 0, size: flat[at + 1] ?? 0 });
  }
  return arrivals;
}

function response(row: ExchangeRow, heads: HeadReader): RecordedResponse | null {
  if (row.status === null) return null;
  return {
    status: row.status,
    statusText: heads.texts.one(row.statusText ?? ''),
    httpVersion: row.responseHttpVersion ?? '1.1',
    headers: row.responseHeaders === null ? [] : heads.read(row.responseHeaders),
    body: body(
      {
        bytes: row.responseBody,
        storedSize: row.responseBodySize,
        omitted: row.responseBodyOmitted,
      },
      row.responseBytes,
    ),
    trailers: lines(row.responseTrailers),
    interim: interim(row.responseInterim),
    chunks: chunks(row.responseChunks),
  };
}

function callError(row: ExchangeRow): CallError | null {
  if (row.errorType === null) return null;
  return { type: row.errorType, message: row.errorMessage ?? '' };
}

function totals(json: string): WebSocketTotals {
  const [sent = 0, sentBytes = 0, received = 0, receivedBytes = 0, dropped = 0] = readNumbers(json);
  return { sent, sentBytes, received, receivedBytes, dropped };
}

/** The exchange that a row of the tape stands for. */
export function exchangeOf(row: ExchangeRow, heads: HeadReader): Exchange {
  const { id, source, startedAt, url, outcome } = row;
  const one = (text: string): string => heads.texts.one(text);
  const [recording, method, origin] = [one(row.recording), one(row.method), one(row.origin)];
  const template = one(row.template);
  const { blocked, dns, connect, ssl, send, wait, receive } = row;
  const dropped = DROPPED[row.dropped] ?? null;
  return {
    id,
    recording,
    source,
    startedAt,
    endpoint: { method, origin, template },
    request: {
      method,
      url,
      httpVersion: row.httpVersion,
      headers: heads.read(row.requestHeaders),
      body: body(
        {
          bytes: row.requestBody,
          storedSize: row.requestBodySize,
          omitted: row.requestBodyOmitted,
        },
        row.requestBytes,
      ),
      trailers: lines(row.requestTrailers),
    },
    response: response(row, heads),
    outcome,
    error: callError(row),
    timings: { blocked, dns, connect, ssl, send, wait, receive },
    durationMs: row.durationMs,
    ttfbMs: row.ttfbMs,
    peerAddress: row.peerAddress,
    fault: row.fault,
    retries: row.retries,
    ...(row.websocket === null ? {} : { websocket: totals(row.websocket) }),
    ...(dropped === null ? {} : { dropped }),
  };
}
