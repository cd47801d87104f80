import {
  compare,
  Lessons,
  type CompareOptions,
  type Drift,
  type LearnedCall,
} from '@calltape/drift';
import type { Endpoint } from '@calltape/store';

/** Holds calls against what was there before, as they come. */
export interface LiveJudge {
  add(call: LearnedCall): void;
  /** What differs, at least at the endpoints that got calls since the last look. */
  look(): readonly Drift[];
}

/** Against calls of before. */
export class LessonsJudge implements LiveJudge {
  readonly #before: Lessons;
  readonly #after = new Lessons();
  readonly #options: CompareOptions;
  readonly #called = new Set<string>();

  constructor(before: Lessons, options: Pick<CompareOptions, 'alpha' | 'severityOverrides'>) {
    this.#before = before;
    this.#options = {
      ...options,
      isRepeated: true,
      only: (endpoint) => this.#called.has(keyOf(endpoint)),
    };
  }

  add(call: LearnedCall): void {
    this.#after.add(call);
    this.#called.add(keyOf(call));
  }

  look(): readonly Drift[] {
    const drifts = compare(this.#before, this.#after, this.#options);
    this.#called.clear();
    return drifts;
  }
}

function keyOf({ method, origin, template }: Endpoint): string {
  return JSON.stringify([method, origin, template]);
}
