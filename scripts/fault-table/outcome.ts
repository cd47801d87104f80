import type { Sample } from './cases.ts';

/** From when an answer counts as late, milliseconds. */
const LATE_MS = 800;

/** How long clients wait, milliseconds. */
export const LIMIT_MS = 1_500;

/** What a client got before its call ended. */
export interface Got {
  readonly status: number | null;
  readonly content: string;
  /** What its error is called; null without one. */
  readonly error: string | null;
  readonly elapsedMs: number;
}

/** The most telling code in an error: that of its cause, if it has one. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error && error.name !== 'RequestError') return codeOf(error.cause);
  if (error.name === 'TimeoutError') return 'TimeoutError';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function contentWords(got: string, { content }: Sample): string {
  if (got === content) return 'whole';
  if (content.startsWith(got)) return `${got.length} of ${content.length} bytes, no error`;
  return 'altered content';
}

/** What a client saw, in a few words: `200, whole`, `200, then ECONNRESET`, `ECONNRESET`. */
export function outcomeWords({ status, content, error, elapsedMs }: Got, sample: Sample): string {
  if (status === null) return error ?? 'nothing';
  if (error !== null) return `${status}, then ${error}`;
  if (status !== 200) return String(status);
  return `200, ${contentWords(content, sample)}${elapsedMs >= LATE_MS ? ', late' : ''}`;
}
