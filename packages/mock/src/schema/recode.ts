import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

const ENCODERS: ReadonlyMap<string, (bytes: Uint8Array) => Uint8Array> = new Map([
  ['gzip', (bytes) => gzipSync(bytes)],
  ['x-gzip', (bytes) => gzipSync(bytes)],
  ['deflate', (bytes) => deflateSync(bytes)],
  ['br', (bytes) => brotliCompressSync(bytes)],
  ['zstd', (bytes) => zstdCompressSync(bytes)],
]);

/** Puts a content coding on; undefined for several on top of each other and for unknown ones. */
export function encoded(bytes: Uint8Array, codings: readonly string[]): Uint8Array | undefined {
  const [coding = '', ...others] = codings;
  return others.length > 0 ? undefined : ENCODERS.get(coding)?.(bytes);
}
