import { isUtf8 } from 'node:buffer';
import { contentCodings, decodeBody } from './decode.ts';
import { encodeBody } from './encode-coding.ts';
import type { ContentRedactor } from './redact-content.ts';

/** The content of a message and the fields that say how to read it. */
export interface BodyToStore {
  readonly bytes: Uint8Array;
  /** Length on the wire in bytes; larger than `bytes.length` where the body limit has cut it. */
  readonly size: number;
  /** `content-type`, or empty. */
  readonly type: string;
  /** `content-encoding`, or empty. */
  readonly coding: string;
}

/** What is kept of a body. */
export interface StoredBody {
  /** The same ones when there was nothing to replace. */
  readonly bytes: Uint8Array;
  /** Length of the content as it is stored; larger than `bytes.length` when that is not all of it. */
  readonly size: number;
  /** Why there are less bytes than came, where it is not for the body limit. */
  readonly omitted: string | null;
}

/** Formats of their own, in which text does not stand as it is. */
const OPAQUE_TYPE =
  /^\s*(?:(?:image\/(?!svg)|audio\/|video\/|font\/)|application\/(?:pdf|zip|gzip|x-gzip|x-tar|wasm|vnd\.openxmlformats)|model\/)/i;

/**
 * A body without its secrets, as it is to be stored.
 *
 * What is compressed is looked into and, where something was replaced, compressed again: the stored
 * bytes then differ from those on the wire. What cannot be looked into whole (a coding that is
 * unknown or damaged, more than 10 MiB when decoded, a beginning that was cut) is kept as far as it
 * could be; of the rest, which may hold a secret that nobody saw, only the length is.
 */
export function redactBody(body: BodyToStore, content: ContentRedactor): StoredBody {
  try {
    return searched(body, content);
  } catch (error) {
    // A text that is too much for a regular expression's stack.
    if (error instanceof RangeError) return nothingOf(body, 'it is too long and too odd');
    throw error;
  }
}

function searched(body: BodyToStore, content: ContentRedactor): StoredBody {
  const { bytes, size, type, coding } = body;
  const asItIs = { bytes, size, omitted: null };
  if (bytes.length === 0 || OPAQUE_TYPE.test(type)) return asItIs;
  const codings = contentCodings([['content-encoding', coding]]);
  if (codings.length === 0) return { ...asItIs, bytes: redactBytes(bytes, type, content) };
  const decoded = decodeBody(body, [['content-encoding', coding]]);
  const { bytes: plain, problem, complete } = decoded;
  if (!decoded.isPlain) return uncoded(body, problem, content);
  const redacted = redactBytes(plain, type, content);
  if (redacted === plain && complete) return asItIs;
  return encodedAgain(body, codings, redacted, complete ? null : problem);
}

/** What was never coded, whatever the field says, is text; all else cannot be looked into. */
function uncoded(body: BodyToStore, problem: string | null, content: ContentRedactor): StoredBody {
  const { bytes, size, type } = body;
  if (isUtf8(bytes) && !bytes.includes(0)) {
    return { bytes: redactBytes(bytes, type, content), size, omitted: null };
  }
  return nothingOf(body, problem);
}

function nothingOf(body: BodyToStore, problem: string | null): StoredBody {
  const reason = problem ?? 'its coding cannot be put on again';
  return {
    bytes: new Uint8Array(0),
    size: body.size,
    omitted: `not kept, as it could not be searched for secrets: ${reason}`,
  };
}

function encodedAgain(
  body: BodyToStore,
  codings: readonly string[],
  plain: Uint8Array,
  problem: string | null,
): StoredBody {
  const bytes = plain.length === 0 ? null : encodeBody(plain, codings, body.bytes);
  if (bytes === null) return nothingOf(body, problem);
  if (problem === null) return { bytes, size: bytes.length, omitted: null };
  const isCut = body.bytes.length < body.size;
  return {
    bytes,
    // What is not all must look so, though compressed anew it may be longer than it was.
    size: Math.max(body.size, bytes.length + 1),
    omitted: isCut ? null : `kept as far as it could be searched for secrets: ${problem}`,
  };
}

function redactBytes(bytes: Uint8Array, type: string, content: ContentRedactor): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const wide = wideEncoding(buffer, type);
  if (wide !== null) return redactWide(buffer, wide, type, content);
  const text = buffer.toString('latin1');
  const redacted = content.redact(text, type);
  return redacted === text ? bytes : Buffer.from(redacted, 'latin1');
}

type Wide = 'little' | 'big';

/** How UTF-16 begins, in hexadecimal: with its mark, or with two ASCII characters. */
const BIG = /^(?:fe ff|00 (?!00)\S\S 00 (?!00)\S\S)/;
const LITTLE = /^(?:ff fe|(?!00)\S\S 00 (?!00)\S\S 00)/;

function wideEncoding(bytes: Buffer, type: string): Wide | null {
  const [, order] = /charset="?utf-?16(le|be)?/i.exec(type) ?? [];
  const start = bytes.toString('hex', 0, 4).replace(/..(?!$)/g, '$& ');
  if (BIG.test(start) || order?.toLowerCase() === 'be') return 'big';
  return LITTLE.test(start) || order !== undefined ? 'little' : null;
}

function redactWide(
  bytes: Buffer,
  order: Wide,
  type: string,
  content: ContentRedactor,
): Uint8Array {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const text = (order === 'big' ? Buffer.from(even).swap16() : even).toString('utf16le');
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const redacted = mark + content.redact(text.slice(mark.length), type);
  if (redacted === text) return bytes;
  const coded = Buffer.from(redacted, 'utf16le');
  return Buffer.concat([order === 'big' ? coded.swap16() : coded, bytes.subarray(even.length)]);
}
