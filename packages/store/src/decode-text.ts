import { isUtf8 } from 'node:buffer';
import type { DecodedBody } from './decode.ts';
import type { HeaderLine } from './exchange.ts';
import { header } from './headers.ts';

const TEXT_TYPE =
  /^(?:text\/|application\/(?:json|xml|javascript|ecmascript|graphql|yaml|toml|sql|jwt|x-www-form-urlencoded|x-ndjson|ndjson|jsonl|json-seq|x-javascript|x-yaml|x-sh|pkcs8|x-pem-file)$)|[+/](?:json|xml|yaml|text|csv)$/;
const BINARY_TYPE =
  /^(?:image|audio|video|font|model)\/|^application\/(?:octet-stream|pdf|zip|gzip|zstd|x-tar|wasm|grpc|protobuf|x-protobuf|msgpack|x-msgpack|cbor|avro|vnd\.ms-|vnd\.openxmlformats)/;

/** The media type of a message in lower case, without parameters; empty when it has none. */
export function mediaType(headers: readonly HeaderLine[]): string {
  const [type = ''] = (header(headers, 'content-type') ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

/** The `charset` parameter of a message's media type, in lower case. */
export function charsetOf(headers: readonly HeaderLine[]): string | null {
  const found = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(header(headers, 'content-type') ?? '');
  return found?.[1]?.toLowerCase() ?? null;
}

/**
 * Decoded content as text, or null when it is binary. A byte order mark comes before the charset of
 * `content-type`, which comes before UTF-8. Content of a textual type always reads as text, with
 * U+FFFD in place of bytes that the charset does not have, unless it holds NULs; content of an
 * unknown type does only when it is valid UTF-8.
 */
export function bodyText(decoded: DecodedBody, headers: readonly HeaderLine[]): string | null {
  const { bytes, complete } = decoded;
  if (bytes.length === 0) return '';
  const type = mediaType(headers);
  const textual = TEXT_TYPE.test(type);
  if (BINARY_TYPE.test(type) && !textual) return null;
  const charset = byteOrderMark(bytes) ?? charsetOf(headers) ?? 'utf-8';
  const wide = charset.startsWith('utf-16');
  if (!wide && bytes.includes(0)) return null;
  if (!textual && !wide && !isUtf8(complete ? bytes : withoutPartialCharacter(bytes))) return null;
  return decodeAs(charset, bytes, !complete);
}

function byteOrderMark(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return null;
}

/** Cut content may end within a character: at most three bytes belong to an unfinished one. */
function withoutPartialCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80) break;
  }
  return bytes;
}

/** A wrong or unknown charset label must not hide the text: UTF-8 then. */
function decodeAs(charset: string, bytes: Uint8Array, stream: boolean): string {
  try {
    return new TextDecoder(charset).decode(bytes, { stream });
  } catch {
    return new TextDecoder('utf-8').decode(bytes, { stream });
  }
}
