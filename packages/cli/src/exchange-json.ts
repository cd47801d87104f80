import {
  bodyText,
  decodeBody,
  type Body,
  type Exchange,
  type HeaderLine,
  type RecordedRequest,
  type RecordedResponse,
} from '@calltape/store';
import { isoTime } from './units.ts';

/** A whole call as one JSON value; bodies decoded, as text or, where they are none, as base64. */
export function exchangeJson(exchange: Exchange): Readonly<Record<string, unknown>> {
  return {
    id: exchange.id,
    recording: exchange.recording,
    source: exchange.source,
    started_at: isoTime(exchange.startedAt),
    origin: exchange.endpoint.origin,
    endpoint: exchange.endpoint.template,
    outcome: exchange.outcome,
    error: exchange.error,
    request: requestJson(exchange.request),
    response: exchange.response === null ? null : responseJson(exchange.response),
    timings: exchange.timings,
    duration_ms: exchange.durationMs,
    ttfb_ms: exchange.ttfbMs,
    peer_address: exchange.peerAddress,
    fault: exchange.fault,
    retries: exchange.retries,
    dropped_bodies: exchange.dropped ?? null,
  };
}

function requestJson(request: RecordedRequest): Readonly<Record<string, unknown>> {
  return {
    method: request.method,
    url: request.url,
    http_version: request.httpVersion,
    headers: request.headers,
    body: bodyJson(request.body, request.headers),
    trailers: request.trailers,
  };
}

function responseJson(response: RecordedResponse): Readonly<Record<string, unknown>> {
  return {
    status: response.status,
    status_text: response.statusText,
    http_version: response.httpVersion,
    headers: response.headers,
    body: bodyJson(response.body, response.headers),
    trailers: response.trailers,
    interim: response.interim.map(({ status, statusText, headers, atMs }) => ({
      status,
      status_text: statusText,
      headers,
      at_ms: atMs,
    })),
    chunks: response.chunks.map(({ atMs, size }) => ({ at_ms: atMs, size })),
  };
}

function bodyJson(body: Body, headers: readonly HeaderLine[]): Readonly<Record<string, unknown>> {
  const decoded = decodeBody(body, headers);
  const { bytes, complete, problem } = decoded;
  const text = bodyText(decoded, headers);
  return {
    size: body.size,
    ...(text === null ? { base64: Buffer.from(bytes).toString('base64') } : { text }),
    complete,
    problem,
  };
}
