import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import type { Header, QueryString } from 'har-format';
import type {
  Exchange,
  HeaderLine,
  RecordedRequest,
  RecordedResponse,
  Timings,
} from './exchange.ts';
import { exportContent } from './har-body-export.ts';
import { requestCookies, responseCookies } from './har-cookies.ts';
import { harWebSocket, noMessages } from './har-messages-export.ts';
import type { MessagesOf } from './har-messages-export.ts';
import type { HarEntry, HarRequest, HarResponse, HarTimings } from './har-types.ts';
import { header } from './headers.ts';

/** HAR 1.2 wants a number that is not negative for these, applicable or not. */
const ALWAYS_PRESENT = ['send', 'wait', 'receive'] as const;

/**
 * Exchanges as the text of a HAR 1.2 file, in pieces of one entry at a time, so that a tape of any
 * size can be exported. Fields that start with `_` carry what HAR has no place for; `parseHar`
 * reads them back and restores every call exactly.
 *
 * @param messagesOf - Gives the messages of a WebSocket, such as `tape.messages`.
 */
export function* toHar(
  exchanges: Iterable<Exchange>,
  messagesOf: MessagesOf = noMessages,
): Generator<string> {
  const creator = { name: 'calltape', version: ownVersion() };
  yield `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"entries":[`;
  let separator = '\n';
  for (const exchange of exchanges) {
    yield (
      separator + JSON.stringify({ ...harEntry(exchange), ...harWebSocket(exchange, messagesOf) })
    );
    separator = ',\n';
  }
  yield '\n]}}\n';
}

function ownVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json');
  const named = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return named ? String(manifest.version) : '';
}

function harEntry(exchange: Exchange): HarEntry {
  const { request, response, error, fault, retries } = exchange;
  const timings = harTimings(exchange.timings);
  return {
    startedDateTime: new Date(exchange.startedAt).toISOString(),
    time: totalTime(timings),
    request: harRequest(request),
    response: {
      ...(response === null ? noResponse(request) : harResponse(response)),
      ...(error === null ? {} : { _error: error.message }),
    },
    cache: {},
    timings,
    ...peer(exchange.peerAddress),
    _recording: exchange.recording,
    _outcome: exchange.outcome,
    ...(error === null ? {} : { _errorType: error.type }),
    _durationMs: exchange.durationMs,
    _ttfbMs: exchange.ttfbMs,
    ...(fault === null ? {} : { _fault: fault }),
    ...(retries === 0 ? {} : { _retries: retries }),
  };
}

function harTimings(timings: Timings): HarTimings {
  const absent = ALWAYS_PRESENT.filter((phase) => timings[phase] === null);
  return {
    blocked: timings.blocked ?? -1,
    dns: timings.dns ?? -1,
    connect: timings.connect ?? -1,
    ssl: timings.ssl ?? -1,
    send: timings.send ?? 0,
    wait: timings.wait ?? 0,
    receive: timings.receive ?? 0,
    ...(absent.length === 0 ? {} : { _absent: absent }),
  };
}

/** The sum of the phases that applied; `ssl` is not added, as it is a part of `connect`. */
function totalTime(timings: HarTimings): number {
  const { blocked = -1, dns = -1, connect = -1, send = -1, wait, receive } = timings;
  const applied = [blocked, dns, connect, send, wait, receive].filter((phase) => phase > 0);
  return applied.reduce((sum, phase) => sum + phase, 0);
}

function harRequest(request: RecordedRequest): HarRequest {
  const { headers, body } = request;
  const { text, encoding, base64 } = exportContent(body, headers);
  const mimeType = header(headers, 'content-type') ?? '';
  return {
    method: request.method,
    url: request.url,
    httpVersion: `HTTP/${request.httpVersion}`,
    cookies: requestCookies(headers),
    headers: harHeaders(headers),
    queryString: queryString(request.url),
    // postData has no `encoding`: what is binary is in `_bodyBase64` alone.
    ...(body.bytes.length === 0
      ? {}
      : { postData: { mimeType, text: encoding === undefined ? text : '' } }),
    headersSize: -1,
    bodySize: body.size,
    ...bodyBase64(base64 ?? (encoding === undefined ? undefined : text)),
    ...trailers(request.trailers),
  };
}

function harResponse(response: RecordedResponse): HarResponse {
  const { headers, body, interim, chunks } = response;
  const { text, encoding, base64, size, comment } = exportContent(body, headers);
  return {
    status: response.status,
    statusText: response.statusText,
    httpVersion: `HTTP/${response.httpVersion}`,
    cookies: responseCookies(headers),
    headers: harHeaders(headers),
    content: {
      size,
      mimeType: header(headers, 'content-type') ?? '',
      ...(size === body.size ? {} : { compression: size - body.size }),
      ...(body.bytes.length === 0 ? {} : { text }),
      ...(encoding === undefined ? {} : { encoding }),
      ...(comment === null ? {} : { comment }),
    },
    redirectURL: header(headers, 'location') ?? '',
    headersSize: -1,
    bodySize: body.size,
    ...bodyBase64(base64),
    ...trailers(response.trailers),
    ...(interim.length === 0
      ? {}
      : { _interim: interim.map((one) => ({ ...one, headers: harHeaders(one.headers) })) }),
    ...(chunks.length === 0
      ? {}
      : { _chunks: chunks.map(({ atMs, size: len }) => ({ t: atMs, len })) }),
  };
}

/** How browsers write a call without an answer: status 0. */
function noResponse(request: RecordedRequest): HarResponse {
  return {
    status: 0,
    statusText: '',
    httpVersion: `HTTP/${request.httpVersion}`,
    cookies: [],
    headers: [],
    content: { size: 0, mimeType: '' },
    redirectURL: '',
    headersSize: -1,
    bodySize: -1,
  };
}

function harHeaders(lines: readonly HeaderLine[]): Header[] {
  return lines.map(([name, value]) => ({ name, value }));
}

function queryString(url: string): QueryString[] {
  const start = url.indexOf('?');
  if (start === -1) return [];
  return [...new URLSearchParams(url.slice(start + 1))].map(([name, value]) => ({ name, value }));
}

function bodyBase64(base64: string | undefined): { _bodyBase64?: string } {
  return base64 === undefined ? {} : { _bodyBase64: base64 };
}

function trailers(lines: readonly HeaderLine[]): { _trailers?: Header[] } {
  return lines.length === 0 ? {} : { _trailers: harHeaders(lines) };
}

function peer(address: string | null): { serverIPAddress?: string; _peerAddress?: string } {
  if (address === null) return {};
  return isIP(address) === 0 ? { _peerAddress: address } : { serverIPAddress: address };
}
