import { createHmac } from 'node:crypto';

/** A keyed hash over the pieces one after the other, texts as UTF-8. */
export function hmac(
  algorithm: 'sha256' | 'sha1',
  key: string,
  pieces: readonly (string | Uint8Array)[],
  encoding: 'hex' | 'base64',
): string {
  const hash = createHmac(algorithm, key);
  for (const piece of pieces) hash.update(piece);
  return hash.digest(encoding);
}
