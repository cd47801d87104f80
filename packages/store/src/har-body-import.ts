import type { DraftBody } from './draft.ts';
import { contentCodings } from './decode.ts';
import { charsetOf } from './decode-text.ts';
import { formBytes } from './har-form.ts';
import type { HarNode } from './har-node.ts';
import { toLines } from './headers.ts';

/** A body from another tool's HAR, and the header lines that are true of it. */
export interface ForeignMessage {
  readonly headers: string[];
  readonly body: DraftBody;
}

/** The first bytes of the codings that can be recognised by them. */
const MAGIC: ReadonlyMap<string, readonly number[]> = new Map([
  ['gzip', [0x1f, 0x8b]],
  ['x-gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]);

/** `postData` as text, as base64 or as parameters; `_content` as HTTP Toolkit writes binary ones. */
export function foreignRequestBody(request: HarNode, flat: string[]): ForeignMessage {
  const postData = request.get('postData');
  const binary = request.get('_content');
  const headers = withMediaType(flat, postData.get('mimeType'));
  const content = binary.get('text').absent ? postData : binary;
  const bytes = contentBytes(content, headers) ?? formBytes(postData, headers);
  return settled(headers, bytes, request.get('bodySize').number() ?? 0);
}

/** `content` as text or base64. A body that the HAR leaves out keeps the length it had. */
export function foreignResponseBody(response: HarNode, flat: string[]): ForeignMessage {
  const content = response.get('content');
  const headers = withMediaType(flat, content.get('mimeType'));
  const wireSize = response.get('bodySize').number() ?? 0;
  const size = wireSize > 0 ? wireSize : (content.get('size').number() ?? 0);
  return settled(headers, contentBytes(content, headers), size);
}

/** A message without any header line still has the media type that the HAR gives its body. */
function withMediaType(flat: string[], mimeType: HarNode): string[] {
  const type = mimeType.text() ?? '';
  return flat.length > 0 || type === '' || type === 'x-unknown' ? flat : ['Content-Type', type];
}

function contentBytes(content: HarNode, headers: string[]): Buffer | null {
  const text = content.get('text').text();
  if (text === null || text === '') return null;
  if (content.get('encoding').text() === 'base64') return base64Bytes(text);
  return Buffer.from(text, charsetEncoding(headers, text));
}

/** Polly writes encoded content as a list of pieces, itself as JSON. */
function base64Bytes(text: string): Buffer {
  if (!text.startsWith('[')) return Buffer.from(text, 'base64');
  const pieces = text.match(/[A-Za-z0-9+/]+=*/g) ?? [];
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')));
}

/** HAR text is Unicode; the bytes must be in the charset that the header announces. */
function charsetEncoding(headers: string[], text: string): 'utf8' | 'latin1' | 'utf16le' {
  const charset = charsetOf(toLines(headers));
  if (charset === 'utf-16le') return 'utf16le';
  const isLatin = charset === 'iso-8859-1' || charset === 'latin1' || charset === 'windows-1252';
  const fits = isLatin && Buffer.from(text, 'latin1').toString('latin1') === text;
  return fits ? 'latin1' : 'utf8';
}

function settled(headers: string[], bytes: Buffer | null, sizeWhenAbsent: number): ForeignMessage {
  if (bytes === null) {
    return { headers, body: { pieces: [], size: Math.max(0, sizeWhenAbsent), hash: null } };
  }
  return {
    headers: trueHeaders(headers, bytes),
    body: { pieces: [bytes], size: bytes.length, hash: null },
  };
}

function trueHeaders(headers: string[], bytes: Buffer): string[] {
  const isCoded = stillCoded(headers, bytes);
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'content-encoding' && !isCoded) continue;
    kept.push(name, lower === 'content-length' ? String(bytes.length) : (headers[at + 1] ?? ''));
  }
  return kept;
}

/** Some exporters keep the bytes as they came; data that has its coding's first bytes is such. */
function stillCoded(headers: string[], bytes: Buffer): boolean {
  const outermost = contentCodings(toLines(headers)).at(-1);
  const magic = outermost === undefined ? undefined : MAGIC.get(outermost);
  return magic !== undefined && magic.every((byte, at) => bytes[at] === byte);
}
