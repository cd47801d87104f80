import type { Duplex } from 'node:stream';
import {
  constants,
  createBrotliCompress,
  createBrotliDecompress,
  createDeflate,
  createDeflateRaw,
  createGunzip,
  createGzip,
  createInflate,
  createInflateRaw,
  createZstdCompress,
} from 'node:zlib';
import { ZstdFrames } from './zstd-frames.ts';

/** Takes a content coding off and puts it on again, each piece at once. */
interface Coding {
  /** @param first - The first piece that is to be decoded. */
  decoder(first: Uint8Array): Duplex;
  encoder(first: Uint8Array): Duplex;
}

const ZLIB = { flush: constants.Z_SYNC_FLUSH };
const BROTLI = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  // The default, 11, is for files that are compressed once.
  params: { [constants.BROTLI_PARAM_QUALITY]: 5 },
};

const gzip: Coding = { decoder: () => createGunzip(), encoder: () => createGzip(ZLIB) };

/** Senders of `deflate` disagree whether it has the zlib wrapper (RFC 9110 section 8.4.1.2). */
function isWrapped([first = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8;
}

/** To add a content coding, add it here under its name in the IANA registry. */
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  [
    'deflate',
    {
      decoder: (first) => (isWrapped(first) ? createInflate() : createInflateRaw()),
      encoder: (first) => (isWrapped(first) ? createDeflate(ZLIB) : createDeflateRaw(ZLIB)),
    },
  ],
  ['br', { decoder: () => createBrotliDecompress(), encoder: () => createBrotliCompress(BROTLI) }],
  [
    'zstd',
    {
      decoder: () => new ZstdFrames(),
      encoder: () => createZstdCompress({ flush: constants.ZSTD_e_flush }),
    },
  ],
]);

/** Puts a change of the plain content between decoder and encoder, by the first piece that comes. */
export type CodedStages = (change: Duplex, first: Uint8Array) => Duplex[];

/** @returns null for a coding that is not known, and for several on top of each other. */
export function stagesFor(codings: readonly string[]): CodedStages | null {
  const [name, ...more] = codings;
  if (name === undefined) return (change) => [change];
  const coding = CODINGS.get(name);
  if (coding === undefined || more.length > 0) return null;
  return (change, first) => [coding.decoder(first), change, coding.encoder(first)];
}
