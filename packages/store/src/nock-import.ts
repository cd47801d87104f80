import { type CallDraft, type DraftBody, type DraftResponse, newDraft } from './draft.ts';
import type { HarNode } from './har-node.ts';
import { requiredText } from './har-import-own.ts';
import { contentCodings } from './decode.ts';
import { header, toLines } from './headers.ts';

const HEX = /^(?:[0-9a-f]{2})+$/i;

/** Types whose bodies nock's recorder writes in hexadecimal, without saying so for requests. */
const BINARY = /^(?:image|audio|video|font)\/|octet-stream|protobuf|msgpack|grpc|zip/i;

/**
 * The calls in what nock's recorder wrote (`output_objects`), or what `nock.define` reads. It has no
 * times, so all are at `now`, a millisecond apart, which keeps their order.
 */
export function nockDrafts(list: HarNode, now: number): CallDraft[] {
  return list.items().map((definition, at) => nockDraft(definition.object(), now + at));
}

function nockDraft(definition: HarNode, startedAt: number): CallDraft {
  const headers = fieldLines(definition.get('reqheaders'));
  return {
    ...newDraft(requiredText(definition.get('method')).toUpperCase(), callUrl(definition)),
    startedAt,
    headers,
    body: draftBody(requestBytes(definition.get('body'), headers)),
    response: nockResponse(definition),
    outcome: 'complete',
  };
}

function callUrl(definition: HarNode): string {
  const scope = definition.get('scope');
  const port = definition.get('port').text();
  const text = requiredText(scope);
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    return scope.fail('is not an origin', 'Write it like https://api.example.com:443');
  }
  const base = new URL(text);
  if (port !== null && base.port === '') base.port = port;
  const path = requiredText(definition.get('path'));
  if (!path.startsWith('/')) definition.get('path').fail('does not start with a slash');
  return base.origin + base.pathname.replace(/\/$/, '') + path;
}

/** Header fields are a flat list, a list of pairs, or an object whose values may be lists. */
function fieldLines(fields: HarNode): string[] {
  if (!Array.isArray(fields.value)) {
    return fields
      .members()
      .flatMap(([name, value]) => texts(value).flatMap((text) => [name, text]));
  }
  return fields.items().flatMap((item) => texts(item));
}

function texts(value: HarNode): string[] {
  return Array.isArray(value.value)
    ? value.items().map((item) => item.text() ?? '')
    : [value.text() ?? ''];
}

function requestBytes({ value }: HarNode, headers: readonly string[]): Buffer {
  const type = header(toLines(headers), 'content-type') ?? '';
  const isHex = typeof value === 'string' && BINARY.test(type) && HEX.test(value);
  return isHex ? Buffer.from(value, 'hex') : contentBytes(value);
}

function contentBytes(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

function nockResponse(definition: HarNode): DraftResponse {
  const status = definition.get('reply').number() ?? definition.get('status').number() ?? 200;
  if (!Number.isInteger(status) || status < 200 || status > 999) {
    definition.get('status').fail('is no status of an answer', 'Write a number from 200 to 599');
  }
  const flat = fieldLines(definition.get('rawHeaders'));
  const response = definition.get('response');
  const bytes = responseBytes(response, flat, definition.get('responseIsBinary').value === true);
  const isJson =
    typeof response.value === 'object' && response.value !== null && !isPieces(response);
  const typed = header(toLines(flat), 'content-type') !== undefined;
  return {
    status,
    statusText: '',
    httpVersion: '1.1',
    headers: trueLength(
      isJson && !typed ? [...flat, 'Content-Type', 'application/json'] : flat,
      bytes,
    ),
    body: draftBody(bytes),
    trailers: [],
    interim: [],
    chunks: [],
  };
}

function responseBytes(response: HarNode, headers: readonly string[], isBinary: boolean): Buffer {
  const { value } = response;
  const isCoded = contentCodings(toLines(headers)).length > 0;
  if (isCoded && isPieces(response)) return Buffer.concat(response.items().map(hexBytes));
  if (typeof value === 'string' && (isBinary || (isCoded && HEX.test(value))))
    return hexBytes(response);
  return contentBytes(value);
}

/** Encoded content is a list of hexadecimal pieces. */
function isPieces({ value }: HarNode): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((piece) => typeof piece === 'string' && HEX.test(piece))
  );
}

function hexBytes(node: HarNode): Buffer {
  const text = node.text() ?? '';
  if (text !== '' && !HEX.test(text)) node.fail('is not hexadecimal');
  return Buffer.from(text, 'hex');
}

/** JSON was parsed and is written anew here, so its length may be another. */
function trueLength(flat: readonly string[], bytes: Buffer): string[] {
  return flat.map((text, at) => {
    const isLength = at % 2 === 1 && flat[at - 1]?.toLowerCase() === 'content-length';
    return isLength && bytes.length > 0 ? String(bytes.length) : text;
  });
}

function draftBody(bytes: Buffer): DraftBody {
  return { pieces: bytes.length === 0 ? [] : [bytes], size: bytes.length, hash: null };
}
