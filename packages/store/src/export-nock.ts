import { isUtf8 } from 'node:buffer';
import { contentCodings, decodeBody } from './decode.ts';
import type { Exchange, HeaderLine, RecordedRequest, RecordedResponse } from './exchange.ts';
import { header, headerAll } from './headers.ts';

/** One definition as `nock.load` and `nock.define` read it. */
export interface NockDefinition {
  readonly scope: string;
  readonly method: string;
  readonly path: string;
  /** Absent where the body is not known whole: then any fits. */
  readonly body?: unknown;
  readonly status: number;
  readonly response: unknown;
  /** A flat list, which keeps order, letter case and repeated fields. */
  readonly rawHeaders: readonly string[];
  readonly responseIsBinary: boolean;
}

/** Why nock cannot play a call. */
export type NockGap =
  | 'no whole answer'
  | 'an answer longer than the body limit'
  | 'an answer that starts another protocol';

/** What nock does itself; a length that is not true makes clients wait for ever. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
]);

/**
 * Exchanges as the JSON that nock 15 loads, in their order, one definition each. Calls that nock
 * has no way to play are left out and told of.
 */
export function* toNock(
  exchanges: Iterable<Exchange>,
  onLeftOut: (gap: NockGap) => void = () => undefined,
): Generator<string> {
  let separator = '[\n';
  for (const exchange of exchanges) {
    const definition = nockDefinition(exchange);
    if (typeof definition === 'string') {
      onLeftOut(definition);
      continue;
    }
    yield separator + JSON.stringify(definition);
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

function nockDefinition({ request, response, outcome }: Exchange): NockDefinition | NockGap {
  if (response === null || outcome !== 'complete') return 'no whole answer';
  // Clients of nock wait for ever behind a status below 200.
  if (response.status < 200) return 'an answer that starts another protocol';
  if (response.body.bytes.length < response.body.size)
    return 'an answer longer than the body limit';
  const body = requestBody(request);
  return {
    scope: scopeOf(request.url),
    method: request.method,
    path: pathOf(request.url),
    ...(body === null ? {} : { body: body.value }),
    status: response.status,
    ...responseBody(response, body?.isHex ?? false),
    rawHeaders: rawHeaders(response, request.method),
  };
}

/** nock's recorder always writes the port. */
function scopeOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** The target as it was sent; `URL` would write some characters in another way. */
function pathOf(url: string): string {
  const [, target = ''] = /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(url) ?? [];
  return target.startsWith('/') ? target : `/${target}`;
}

interface RequestBody {
  readonly value: unknown;
  readonly isHex: boolean;
}

function requestBody({ body, headers }: RecordedRequest): RequestBody | null {
  const { bytes, complete } = decodeBody(body, headers);
  if (!complete) return null;
  if (!isUtf8(bytes)) return { value: Buffer.from(bytes).toString('hex'), isHex: true };
  const text = Buffer.from(bytes).toString();
  return { value: asStructure(text) ?? text, isHex: false };
}

type ResponseBody = Pick<NockDefinition, 'response' | 'responseIsBinary'>;

function responseBody({ body, headers }: RecordedResponse, toBinary: boolean): ResponseBody {
  const { bytes } = body;
  if (bytes.length === 0) return { response: '', responseIsBinary: false };
  const hex = Buffer.from(bytes).toString('hex');
  const isCoded = contentCodings(headers).length > 0;
  // nock looks for the coding in a single line only, and then wants a list of hex pieces.
  if (isCoded && headerAll(headers, 'content-encoding').length === 1) {
    return { response: [hex], responseIsBinary: false };
  }
  const text = !isCoded && !toBinary && isUtf8(bytes) ? Buffer.from(bytes).toString() : null;
  return (
    (text === null ? null : readable(text, headers)) ?? { response: hex, responseIsBinary: true }
  );
}

/**
 * nock parses any text that happens to be JSON and writes it anew, so text stays text only where
 * it is none, and JSON stays JSON only where that gives the same bytes (20 digits do not).
 */
function readable(text: string, headers: readonly HeaderLine[]): ResponseBody | null {
  const structure = asStructure(text);
  if (structure !== null) {
    const survives = JSON.stringify(structure) === text;
    const isTyped = header(headers, 'content-type') !== undefined;
    return survives && isTyped ? { response: structure, responseIsBinary: false } : null;
  }
  return isJson(text) ? null : { response: text, responseIsBinary: false };
}

function asStructure(text: string): object | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function rawHeaders({ headers }: RecordedResponse, method: string): string[] {
  // The length of what HEAD did not send is part of its answer (RFC 9110 section 8.6).
  return headers
    .filter(([name]) => method === 'HEAD' || !OWN_FIELDS.has(name.toLowerCase()))
    .flat();
}
