import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { hasZlibWrapper } from './decode-coding.ts';

type Encode = (bytes: Uint8Array, original: Uint8Array) => Uint8Array;

const gzip: Encode = (bytes) => gzipSync(bytes);

/** Quick rather than small: this runs while calls are recorded. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** The codings that can be put on again; those of `decode-coding.ts`. */
const ENCODINGS: ReadonlyMap<string, Encode> = new Map<string, Encode>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  [
    'deflate',
    (bytes, original) => (hasZlibWrapper(original) ? deflateSync(bytes) : deflateRawSync(bytes)),
  ],
  ['br', (bytes) => brotliCompressSync(bytes, BROTLI)],
  ['zstd', (bytes) => zstdCompressSync(bytes)],
]);

/**
 * Puts content codings on, in the order in which they were applied. Null when one of them is unknown.
 *
 * @param original - What was coded before, for codings that are written in more than one way.
 */
export function encodeBody(
  bytes: Uint8Array,
  codings: readonly string[],
  original: Uint8Array,
): Uint8Array | null {
  let coded = bytes;
  for (const coding of codings) {
    const encode = ENCODINGS.get(coding);
    if (encode === undefined) return null;
    coded = encode(coded, original);
  }
  return coded;
}
