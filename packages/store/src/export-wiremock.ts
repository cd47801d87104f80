import { isAscii, isUtf8 } from 'node:buffer';
import { contentCodings, decodeBody } from './decode.ts';
import { charsetOf, mediaType } from './decode-text.ts';
import type { Exchange, HeaderLine, RecordedRequest, RecordedResponse } from './exchange.ts';

/** Why WireMock cannot play a call. */
export type WireMockGap =
  | 'no whole answer'
  | 'an answer longer than the body limit'
  | 'an answer that starts another protocol';

interface Definition {
  readonly priority?: number;
  readonly request: object;
  readonly response: object;
}

/** What equal requests were answered; all but the last are written already. */
interface Chain {
  readonly scenario: string;
  readonly last: Definition;
  readonly length: number;
}

/** WireMock frames answers itself. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
]);

/**
 * Exchanges as the JSON that WireMock loads from its `mappings` folder. Repeats of a request become
 * a scenario that stays at its last answer. Calls that WireMock has no way to play are left out and
 * told of. Holds the last answer to each request; yields an empty piece for a call that is written
 * later, so that whoever writes it can count.
 */
export function* toWireMock(
  exchanges: Iterable<Exchange>,
  onLeftOut: (gap: WireMockGap) => void = () => undefined,
): Generator<string> {
  const chains = new Map<string, Chain>();
  let separator = '{"mappings": [\n';
  const piece = (mapping: object): string => {
    const text = separator + JSON.stringify(mapping);
    separator = ',\n';
    return text;
  };
  for (const exchange of exchanges) {
    const definition = definitionOf(exchange);
    if (typeof definition === 'string') {
      onLeftOut(definition);
      continue;
    }
    const key = JSON.stringify(definition.request);
    const chain = chains.get(key);
    yield chain === undefined ? '' : piece(linkOf(chain, false));
    chains.set(key, {
      scenario: chain?.scenario ?? `repeats-${chains.size + 1}`,
      last: definition,
      length: (chain?.length ?? 0) + 1,
    });
  }
  const ends = [...chains.values()].map((chain) => piece(linkOf(chain, true)));
  yield chains.size === 0 ? '{"mappings": []}\n' : `${ends.join('')}\n]}\n`;
}

/** WireMock's name for the state in which every scenario begins. */
const FIRST_STATE = 'Started';

function stateOf(n: number): string {
  return n === 1 ? FIRST_STATE : `answered ${n - 1}`;
}

function linkOf({ scenario, last, length }: Chain, isEnd: boolean): object {
  if (isEnd && length === 1) return last;
  return {
    scenarioName: scenario,
    requiredScenarioState: stateOf(length),
    ...(isEnd ? {} : { newScenarioState: stateOf(length + 1) }),
    ...last,
  };
}

function definitionOf({ request, response, outcome }: Exchange): Definition | WireMockGap {
  if (response === null && outcome === 'error') {
    return { ...requestPart(request), response: { fault: 'CONNECTION_RESET_BY_PEER' } };
  }
  if (response === null || outcome !== 'complete') return 'no whole answer';
  if (response.status < 200) return 'an answer that starts another protocol';
  if (response.body.bytes.length < response.body.size) {
    return 'an answer longer than the body limit';
  }
  return { ...requestPart(request), response: responseOf(response, request.method) };
}

/** WireMock's default is 5, and the smaller goes first. */
const BEHIND_OTHERS = 6;

function requestPart(request: RecordedRequest): Omit<Definition, 'response'> {
  const [, target = ''] = /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(request.url) ?? [];
  // WireMock leaves out a question mark that nothing follows.
  const url = (target.startsWith('/') ? target : `/${target}`).replace(/\?$/, '');
  const pattern = bodyPattern(request);
  const { method } = request;
  if (pattern !== null) return { request: { method, url, bodyPatterns: [pattern] } };
  const isUsual = method === 'GET' || method === 'HEAD';
  // Any content fits it, also such as a mapping of its own is for; of equals WireMock takes the last.
  return { ...(isUsual ? {} : { priority: BEHIND_OTHERS }), request: { method, url } };
}

/** Null where there is no body, or where it is not known whole: then any fits. */
function bodyPattern({ body, headers }: RecordedRequest): object | null {
  const { bytes, complete } = decodeBody(body, headers);
  if (!complete || bytes.length === 0) return null;
  // Boundaries are new in each request.
  if (mediaType(headers).startsWith('multipart/')) return null;
  if (!isUtf8(bytes)) return { binaryEqualTo: Buffer.from(bytes).toString('base64') };
  const text = Buffer.from(bytes).toString();
  // As text, which keeps every digit.
  return isStructure(text) ? { equalToJson: text } : { equalTo: text };
}

function isStructure(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function responseOf(response: RecordedResponse, method: string): object {
  const { status, statusText, headers, body } = response;
  const isText = contentCodings(headers).length === 0 && isPlainText(body.bytes, headers);
  const bytes = Buffer.from(body.bytes);
  const content = isText ? { body: bytes.toString() } : { base64Body: bytes.toString('base64') };
  return {
    status,
    ...(statusText === '' ? {} : { statusMessage: statusText }),
    headers: fieldsOf(headers, method),
    ...(bytes.length === 0 ? {} : content),
  };
}

/** WireMock writes text in the charset of its type. */
function isPlainText(bytes: Uint8Array, headers: readonly HeaderLine[]): boolean {
  const charset = charsetOf(headers) ?? 'utf-8';
  return isAscii(bytes) || (charset === 'utf-8' && isUtf8(bytes));
}

/** Repeated fields become a list under the name that came first. */
function fieldsOf(lines: readonly HeaderLine[], method: string): object {
  const fields = new Map<string, [name: string, ...values: string[]]>();
  for (const [name, value] of lines) {
    const lower = name.toLowerCase();
    // The length of what HEAD did not send is part of its answer (RFC 9110 section 8.6).
    if (OWN_FIELDS.has(lower) && (method !== 'HEAD' || lower !== 'content-length')) continue;
    const known = fields.get(lower);
    if (known === undefined) fields.set(lower, [name, value]);
    else known.push(value);
  }
  return Object.fromEntries(
    [...fields.values()].map(([name, ...values]) => [
      name,
      values.length === 1 ? values[0] : values,
    ]),
  );
}
