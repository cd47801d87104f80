/** What follows the last of several recordings of the same request. */
export type RepeatMode = 'last' | 'cycle' | 'once';

/**
 * Which of `count` equal recordings comes next when `used` of them have been played: all in the
 * order they were made, then the last again and again (`last`), all over again (`cycle`), or none
 * (`once`: undefined).
 */
export function nextInSequence(
  count: number,
  used: number,
  repeat: RepeatMode,
): number | undefined {
  if (used < count) return used;
  if (repeat === 'once') return undefined;
  return repeat === 'last' ? count - 1 : used % count;
}
