import { describeFilter, type Filter, parseFilter, TapeError } from '@calltape/store';
import { safe, type Safe, show } from './safe.ts';

/**
 * The filter that the user wrote; null when it is empty.
 *
 * @throws TapeError FILTER_INVALID
 */
export function filterOf(text: string): Filter | null {
  return text.trim() === '' ? null : parseFilter(text);
}

/** What a filter says, or what is wrong with it. */
export interface FilterWords {
  readonly isValid: boolean;
  readonly words: Safe;
}

/** Reads a filter as it is being typed. */
export function filterWords(text: string): FilterWords {
  if (text.trim() === '') {
    return { isValid: true, words: safe`All calls. For example  status:5xx host:stripe ms>300` };
  }
  try {
    return { isValid: true, words: show(describeFilter({ text })) };
  } catch (error) {
    if (error instanceof TapeError) return { isValid: false, words: show(error.message) };
    throw error;
  }
}
