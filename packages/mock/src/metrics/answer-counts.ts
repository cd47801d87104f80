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
    this.#add(result, classOf(status), 1);
  }

  /** What has been counted, to be added to another. */
  get counted(): readonly (readonly [AnswerResult, string, number])[] {
    return [...this.#counts].flatMap(([result, classes]) =>
      Array.from(classes, ([name, count]) => [result, name, count] as const),
    );
  }

  add(counted: AnswerCounts['counted']): void {
    for (const [result, name, count] of counted) this.#add(result, name, count);
  }

  #add(result: AnswerResult, name: string, count: number): void {
    const known = this.#counts.get(result);
    const classes = known ?? new Map<string, number>();
    if (known === undefined) this.#counts.set(result, classes);
    classes.set(name, (classes.get(name) ?? 0) + count);
  }

  samples(): Sample[] {
    return this.counted.map(([result, status, value]): Sample => {
      return {
        labels: [
          ['result', result],
          ['status', status],
        ],
        value,
      };
    });
  }
}
