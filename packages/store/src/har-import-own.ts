import type { CallDraft, DraftBody, DraftResponse, DraftTimings } from './draft.ts';
import type { HttpVersion, Outcome } from './exchange.ts';
import type { HarNode } from './har-node.ts';

const OUTCOMES: ReadonlySet<string> = new Set<Outcome>([
  'complete',
  'aborted',
  'truncated',
  'error',
  'interrupted',
  'pending',
]);

function isOutcome(text: string | null): text is Outcome {
  return text !== null && OUTCOMES.has(text);
}

/** Did calltape write this entry? Then its private fields say exactly what the call was. */
export function isOwnEntry(entry: HarNode): boolean {
  return !entry.get('_outcome').absent;
}

/** The call of an entry that `toHar` wrote, unchanged. */
export function ownDraft(entry: HarNode): CallDraft {
  const request = entry.get('request').object();
  const outcome = entry.get('_outcome');
  const name = outcome.text();
  if (!isOutcome(name)) {
    return outcome.fail('is no outcome', `Write one of ${[...OUTCOMES].join(', ')}`);
  }
  return {
    startedAt: startedAt(entry),
    method: requiredText(request.get('method')),
    url: requiredText(request.get('url')),
    httpVersion: httpVersion(request.get('httpVersion')),
    headers: flatHeaders(request.get('headers')),
    body: ownBody(request, request.get('postData')),
    trailers: flatHeaders(request.get('_trailers')),
    response: ownResponse(entry.get('response').object()),
    outcome: name,
    errorType: entry.get('_errorType').text(),
    errorMessage: entry.get('response').get('_error').text(),
    timings: ownTimings(entry.get('timings')),
    durationMs: entry.get('_durationMs').number(),
    ttfbMs: entry.get('_ttfbMs').number(),
    peerAddress: entry.get('_peerAddress').text() ?? entry.get('serverIPAddress').text(),
    fault: entry.get('_fault').text(),
    retries: retries(entry.get('_retries')),
    slot: -1,
    repeats: null,
  };
}

/** A small count; 0 where there is none. */
function retries(node: HarNode): number {
  const count = node.number() ?? 0;
  return Number.isInteger(count) && count >= 0 && count < 1000 ? count : 0;
}

/** Milliseconds since the Unix epoch. */
export function startedAt(entry: HarNode): number {
  const started = entry.get('startedDateTime');
  const time = Date.parse(started.text() ?? '');
  if (Number.isNaN(time)) {
    return started.fail('is not a time', 'Write it like 2026-11-22T09:30:00.000Z');
  }
  return time;
}

export function requiredText(node: HarNode): string {
  const text = node.text();
  return text === null || text === '' ? node.fail('is missing') : text;
}

/** HTTP versions are written in many ways: `HTTP/1.1`, `http/2.0`, `h2`, `h3`. */
export function httpVersion(node: HarNode): HttpVersion {
  const text = (node.text() ?? '').toLowerCase();
  if (/^(?:http\/[23](?:\.0)?|h[23]|h3-.*|quic)$/.test(text)) return '2';
  return text === 'http/1.0' ? '1.0' : '1.1';
}

export function flatHeaders(list: HarNode): string[] {
  return list
    .items()
    .flatMap((item) => [item.get('name').text() ?? '', item.get('value').text() ?? '']);
}

/** A phase of 0 ms or more; null for -1, for null and for none. */
export function phase(node: HarNode): number | null {
  const ms = node.number();
  return ms === null || ms < 0 ? null : ms;
}

function ownTimings(timings: HarNode): DraftTimings {
  const absent = new Set(
    timings
      .get('_absent')
      .items()
      .map((item) => item.text()),
  );
  const read = (name: string): number | null =>
    absent.has(name) ? null : phase(timings.get(name));
  return {
    blocked: read('blocked'),
    dns: read('dns'),
    connect: read('connect'),
    ssl: read('ssl'),
    send: read('send'),
    wait: read('wait'),
    receive: read('receive'),
  };
}

function ownBody(message: HarNode, content: HarNode): DraftBody {
  const base64 = message.get('_bodyBase64').text();
  const encoding = content.get('encoding').text() === 'base64' ? 'base64' : 'utf8';
  const bytes =
    base64 === null
      ? Buffer.from(content.get('text').text() ?? '', encoding)
      : Buffer.from(base64, 'base64');
  const size = Math.max(bytes.length, message.get('bodySize').number() ?? 0);
  return { pieces: bytes.length === 0 ? [] : [bytes], size, hash: null };
}

function ownResponse(response: HarNode): DraftResponse | null {
  const status = response.get('status').number() ?? 0;
  if (status === 0) return null;
  return {
    status,
    statusText: response.get('statusText').text() ?? '',
    httpVersion: httpVersion(response.get('httpVersion')),
    headers: flatHeaders(response.get('headers')),
    body: ownBody(response, response.get('content')),
    trailers: flatHeaders(response.get('_trailers')),
    interim: response
      .get('_interim')
      .items()
      .map((one) => ({
        status: one.get('status').number() ?? 100,
        statusText: one.get('statusText').text() ?? '',
        headers: flatHeaders(one.get('headers')),
        atMs: one.get('atMs').number() ?? 0,
      })),
    chunks: response
      .get('_chunks')
      .items()
      .flatMap((chunk) => [chunk.get('t').number() ?? 0, chunk.get('len').number() ?? 0]),
  };
}
