import type { Lessons } from './lessons.ts';
import type { MessageLessons } from './message-lessons.ts';

/** What nothing was learned from, and how often: `body not JSON`, `call without a whole answer`. */
export function skippedOf(lessons: Lessons): Map<string, number> {
  const skipped = new Map<string, number>();
  const count = (what: string, many: number): void => {
    if (many > 0) skipped.set(what, (skipped.get(what) ?? 0) + many);
  };
  count('call of an endpoint beyond the limit', lessons.leftOut);
  for (const { leftOut, requests, responses } of lessons.endpoints()) {
    count('call without a whole answer', leftOut);
    for (const messages of [requests, ...responses.values()]) countBodies(messages, count);
  }
  return skipped;
}

function countBodies(
  { bodies }: MessageLessons,
  count: (what: string, many: number) => void,
): void {
  for (const { unlearned } of bodies.values()) {
    for (const [reason, seen] of unlearned) count(`body ${reason}`, seen.count);
  }
}
