import { inflateCoding } from './decode-coding.ts';
import type { Body, HeaderLine } from './exchange.ts';
import { headerAll } from './headers.ts';

export interface DecodeLimits {
  /** Most bytes to give back, whatever the compressed data would grow to. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Most content codings to take off. Default 3. */
  readonly maxLayers?: number;
}

/** Content with its content codings taken off. */
export interface DecodedBody {
  readonly bytes: Uint8Array;
  /** Are `bytes` the whole content? */
  readonly complete: boolean;
  /** Are all content codings off? */
  readonly isPlain: boolean;
  /** Why `bytes` are not the whole content, or not decoded, in a sentence; null when all is well. */
  readonly problem: string | null;
}

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;
const MOST_BYTES = 2 ** 31;
const DEFAULT_MAX_LAYERS = 3;

/** The codings of a message in the order they were applied (RFC 9110 section 8.4). */
export function contentCodings(headers: readonly HeaderLine[]): string[] {
  return headerAll(headers, 'content-encoding')
    .flatMap((value) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/**
 * Takes the content codings off a body: gzip, deflate (with or without its zlib wrapper), br and
 * zstd, also several on top of each other. Never throws. A body that was cut, damaged or too large
 * is decoded as far as it goes; one whose coding is unknown, or not what the header says, is given
 * back as it is. Both say so in `problem`.
 */
export function decodeBody(
  body: Body,
  headers: readonly HeaderLine[],
  limits: DecodeLimits = {},
): DecodedBody {
  const maxBytes = clamp(limits.maxBytes ?? DEFAULT_MAX_BYTES);
  const codings = contentCodings(headers);
  const cut = body.bytes.length < body.size ? cutProblem(body) : null;
  if (codings.length === 0 || body.bytes.length === 0) {
    return bounded(body.bytes, cut, maxBytes, codings.length === 0);
  }
  if (codings.length > (limits.maxLayers ?? DEFAULT_MAX_LAYERS)) {
    const problem = `${codings.length} content codings on top of each other; left as it is`;
    return bounded(body.bytes, problem, maxBytes, false);
  }
  return unwrap(body.bytes, codings, cut, maxBytes);
}

function unwrap(
  wire: Uint8Array,
  codings: readonly string[],
  cut: string | null,
  maxBytes: number,
): DecodedBody {
  let bytes = wire;
  let problem = cut;
  for (const coding of codings.toReversed()) {
    const layer = inflateCoding(coding, bytes, maxBytes);
    bytes = layer.bytes;
    problem ??= layer.problem;
    if (!layer.decoded) return bounded(bytes, layer.problem, maxBytes, false);
  }
  return { bytes, complete: problem === null, isPlain: true, problem };
}

/** zlib takes whole numbers only, up to the largest buffer. */
function clamp(maxBytes: number): number {
  return Math.floor(Math.min(Math.max(0, maxBytes), MOST_BYTES));
}

function cutProblem(body: Body): string {
  return `only the first ${body.bytes.length} of ${body.size} bytes were kept`;
}

function bounded(
  bytes: Uint8Array,
  problem: string | null,
  maxBytes: number,
  isPlain: boolean,
): DecodedBody {
  if (bytes.length <= maxBytes) return { bytes, complete: problem === null, isPlain, problem };
  return {
    bytes: bytes.subarray(0, maxBytes),
    complete: false,
    isPlain,
    problem: problem ?? overLimit(maxBytes),
  };
}

function overLimit(maxBytes: number): string {
  return `more than ${maxBytes} bytes; only the first ${maxBytes} are shown`;
}
