import type { Exchange, HeaderLine, RecordedResponse } from '@calltape/store';
import type { Framing } from './step.ts';

// Fields that speak of the recorded connection (RFC 9110 section 7.6.1); the mock's own has its own.
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'upgrade',
]);

function has(headers: readonly HeaderLine[], name: string): boolean {
  return headers.some(([candidate]) => candidate.toLowerCase() === name);
}

/** Whether a response has no content by definition (RFC 9110 sections 9.3.2, 15.3.5, 15.4.5). */
export function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304;
}

/**
 * The framing that a recording is replayed with: the recorded one. Content without length or
 * transfer coding was delimited by the end of an HTTP/1 connection if it was seen on one; on
 * HTTP/2 and in files of other tools it just was not noted.
 */
export function framingOf(exchange: Exchange, response: RecordedResponse): Framing {
  if (isBodiless(exchange.request.method, response.status)) return 'none';
  if (has(response.headers, 'transfer-encoding')) return 'chunked';
  if (has(response.headers, 'content-length')) return 'length';
  if (response.trailers.length > 0) return 'chunked';
  if (exchange.source === 'proxy' && response.httpVersion !== '2') return 'close';
  return exchange.outcome === 'complete' && response.chunks.length === 0 ? 'length' : 'chunked';
}

function nominated(headers: readonly HeaderLine[]): Set<string> {
  const names = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(','))
    .map((name) => name.trim().toLowerCase());
  return new Set(names);
}

interface Frame {
  readonly framing: Framing;
  readonly status: number;
  /** The number to send in content-length; null leaves the recorded one. */
  readonly length: number | null;
}

/**
 * Whether a framing field speaks of content that is not sent: to HEAD and with 304 both may stand,
 * with 204 none (RFC 9110 section 8.6, RFC 9112 section 6.1).
 */
function describesAbsent(name: string, status: number): boolean {
  return status !== 204 && (name === 'content-length' || status !== 304);
}

/** The value a field goes out with; undefined when it may not be sent. */
function sentValue(name: string, value: string, frame: Frame): string | undefined {
  const { framing, status, length } = frame;
  if (name === 'trailer') return framing === 'chunked' ? value : undefined;
  if (name !== 'content-length' && name !== 'transfer-encoding') return value;
  if (framing === 'none') return describesAbsent(name, status) ? value : undefined;
  if (framing !== (name === 'content-length' ? 'length' : 'chunked')) return undefined;
  return name === 'content-length' && length !== null ? String(length) : value;
}

const MISSING: ReadonlyMap<Framing, readonly [name: string, value: string]> = new Map([
  ['chunked', ['Transfer-Encoding', 'chunked']],
  ['close', ['Connection', 'close']],
]);

function missingField(sent: ReadonlySet<string>, frame: Frame): readonly string[] {
  if (frame.framing === 'length') {
    return sent.has('content-length') ? [] : ['Content-Length', String(frame.length ?? 0)];
  }
  const field = MISSING.get(frame.framing);
  return field === undefined || sent.has(field[0].toLowerCase()) ? [] : field;
}

const ONCE: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

/**
 * The recorded header fields as the mock sends them: in their order, letter case and number, with
 * the fields of the recorded connection gone and exactly the framing fields that `frame` needs.
 */
export function headFields(headers: readonly HeaderLine[], frame: Frame): string[] {
  const dropped = nominated(headers);
  const fields: string[] = [];
  const sent = new Set<string>();
  for (const [name, recorded] of headers) {
    const lower = name.toLowerCase();
    if (lower.startsWith(':') || OF_THE_CONNECTION.has(lower)) continue;
    if (dropped.has(lower) && !ONCE.has(lower)) continue;
    const value = sentValue(lower, recorded, frame);
    if (value === undefined || (ONCE.has(lower) && sent.has(lower))) continue;
    sent.add(lower);
    fields.push(name, value);
  }
  fields.push(...missingField(sent, frame));
  return fields;
}
