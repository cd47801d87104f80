import type { AnswerResult } from '../answer.ts';
import type { Sample } from './family.ts';

/** `none` where no status was sent. */
function classOf(status: number | null): string {
  if (status === null) return 'none';
  return status < 600 ? `${Math.trunc(status / 100)}xx` : 'other';
}

/** Counts answers by how they were found and the class of their status: five times seven numbers at most. */
export class AnswerCounts {
  readonly #counts = new Map<AnswerResult, Map<string, number>>();

  count(result: AnswerResult, status: number | null): void {
    const known = this.#counts.get(result);
    const classes = known ?? new Map<string, number>();
    if (known === undefined) this.#counts.set(result, classes);
    const name = classOf(status);
    classes.set(name, (classes.get(name) ?? 0) + 1);
  }

  samples(): Sample[] {
    return [...this.#counts].flatMap(([result, classes]) =>
      [...classes].map(([status, value]): Sample => {
        return {
          labels: [
            ['result', result],
            ['status', status],
          ],
          value,
        };
      }),
    );
  }
}
