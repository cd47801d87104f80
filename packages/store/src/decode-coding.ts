import { isUtf8 } from 'node:buffer';
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';
import { zstdFrames } from './decode-zstd.ts';

/** One content coding taken off. */
export interface Inflated {
  readonly bytes: Uint8Array;
  readonly problem: string | null;
  /** False when nothing could be done and `bytes` are the input. */
  readonly decoded: boolean;
}

type Inflate = (bytes: Uint8Array, toEnd: boolean, maxBytes: number) => Uint8Array;

interface Coding {
  readonly inflate: Inflate;
  /** Parts that the decoder does not join by itself. */
  readonly parts: (bytes: Uint8Array) => Uint8Array[];
  /** The most output that one more input byte can bring. */
  readonly burst: number;
}

const whole = (bytes: Uint8Array): Uint8Array[] => [bytes];

const gzip: Coding = {
  inflate: (bytes, toEnd, maxOutputLength) =>
    gunzipSync(bytes, { maxOutputLength, finishFlush: zlibFlush(toEnd) }),
  parts: whole,
  burst: 64 * 1024,
};

const deflate: Coding = {
  inflate: (bytes, toEnd, maxOutputLength) =>
    (hasZlibWrapper(bytes) ? inflateSync : inflateRawSync)(bytes, {
      maxOutputLength,
      finishFlush: zlibFlush(toEnd),
    }),
  parts: whole,
  burst: 64 * 1024,
};

const br: Coding = {
  inflate: (bytes, toEnd, maxOutputLength) =>
    brotliDecompressSync(bytes, {
      maxOutputLength,
      finishFlush: toEnd ? constants.BROTLI_OPERATION_FINISH : constants.BROTLI_OPERATION_FLUSH,
    }),
  parts: whole,
  // A meta-block may be 16 MiB of one repeated copy (RFC 7932 section 9.2).
  burst: 16 * 1024 * 1024,
};

const zstd: Coding = {
  inflate: (bytes, toEnd, maxOutputLength) =>
    zstdDecompressSync(bytes, {
      maxOutputLength,
      finishFlush: toEnd ? constants.ZSTD_e_end : constants.ZSTD_e_flush,
    }),
  parts: zstdFrames,
  // A block holds at most 128 KiB (RFC 8878 section 3.1.1.2.4).
  burst: 256 * 1024,
};

/** To add a content coding, add it here under its name in the IANA registry. */
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['br', br],
  ['zstd', zstd],
]);

/** Each part costs a decoder of its own, so a body of empty frames must not take minutes. */
const MOST_PARTS = 4096;

/** Takes one content coding off; gives at most `maxBytes` back; never throws. */
export function inflateCoding(name: string, bytes: Uint8Array, maxBytes: number): Inflated {
  const coding = CODINGS.get(name);
  if (coding === undefined) {
    return { bytes, problem: `unknown content coding "${name}"; left as it is`, decoded: false };
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  let ending: Ending = 'whole';
  for (const part of coding.parts(bytes)) {
    if (pieces.length === MOST_PARTS) ending = 'over';
    if (ending !== 'whole') break;
    const piece = inflatePart(coding, part, maxBytes - length);
    pieces.push(piece.bytes);
    length += piece.bytes.length;
    ending = piece.ending;
  }
  const problem = describe(ending, name);
  if (isMislabelled(bytes, length, ending)) return { bytes, problem, decoded: false };
  return { bytes: joined(pieces), problem, decoded: true };
}

type Ending = 'whole' | 'early' | 'over' | 'invalid';

interface Piece {
  readonly bytes: Uint8Array;
  readonly ending: Ending;
}

/** Compressed data is next to never readable text, so readable text was next to never compressed. */
function isMislabelled(input: Uint8Array, outputLength: number, ending: Ending): boolean {
  if (ending === 'whole' || ending === 'over') return false;
  if (outputLength === 0 && ending === 'invalid') return true;
  return isUtf8(input) && !input.some((byte) => byte < 0x09);
}

function describe(ending: Ending, name: string): string | null {
  const sentences: Readonly<Record<Ending, string | null>> = {
    whole: null,
    early: `the ${name} data ends early; decoded as far as it goes`,
    over: 'the decoded content is over the limit; this is its beginning',
    invalid: `damaged, or not the ${name} data that content-encoding promises`,
  };
  return sentences[ending];
}

function inflatePart(coding: Coding, part: Uint8Array, budget: number): Piece {
  try {
    return withinBudget(coding.inflate(part, true, Math.max(1, budget)), budget, 'whole');
  } catch (error) {
    return withinBudget(salvage(coding, part, budget), budget, endingOf(error));
  }
}

function endingOf(error: unknown): Ending {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'over';
  return code === 'Z_BUF_ERROR' ? 'early' : 'invalid';
}

function withinBudget(bytes: Uint8Array, budget: number, ending: Ending): Piece {
  if (bytes.length <= budget) return { bytes, ending };
  return { bytes: bytes.subarray(0, budget), ending: 'over' };
}

/**
 * The output of the longest beginning of `part` that decodes, until `budget` bytes are there. The
 * one-shot decoders throw away what they had when they fail, so the place is found by halving.
 */
function salvage(coding: Coding, part: Uint8Array, budget: number): Uint8Array {
  const room = budget + coding.burst;
  const attempt = (length: number): Uint8Array | null => {
    try {
      return coding.inflate(part.subarray(0, length), false, room);
    } catch {
      return null;
    }
  };
  let best: Uint8Array = new Uint8Array(0);
  let good = 0;
  let bad = part.length + 1;
  for (let probe = part.length; bad - good > 1 && best.length < budget;) {
    const bytes = attempt(probe);
    if (bytes === null) {
      bad = probe;
    } else {
      good = probe;
      best = bytes;
    }
    probe = (good + bad) >>> 1;
  }
  return best;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}

function zlibFlush(toEnd: boolean): number {
  return toEnd ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
}

/** Senders of `deflate` disagree whether it has the zlib wrapper (RFC 9110 section 8.4.1.2). */
export function hasZlibWrapper(bytes: Uint8Array): boolean {
  const [cmf = 0, flg = 0] = bytes;
  return (cmf & 0x0f) === 8 && (cmf * 256 + flg) % 31 === 0;
}
