import type { SharedCounts } from '../shared-counts.ts';
import type { ScenarioPart } from './mapping.ts';

const STARTED = 'Started';

/** The state that each scenario is in, of this thread or of several. */
export class ScenarioStates {
  /** Every state that there is, for memory that is shared has room for numbers alone. */
  readonly #known: readonly string[];
  readonly #own = new Map<string, string>();
  #shared: SharedCounts | null = null;
  #at = 0;
  /** Ends when all scenarios begin anew. */
  #era = 0;

  /** @param parts - In an order that is that of every thread. */
  constructor(parts: readonly ScenarioPart[]) {
    this.#known = [...new Set([STARTED, ...parts.flatMap(({ leaves }) => leaves ?? [])])];
  }

  /** @param at - Which of the descriptions it is, the same in every thread. */
  share(counts: SharedCounts, at: number): void {
    this.#shared = counts;
    this.#at = at;
  }

  of(scenario: string): string {
    if (this.#shared === null) return this.#own.get(scenario) ?? STARTED;
    return this.#known[this.#shared.read(this.#keyOf(scenario), this.#era).n] ?? STARTED;
  }

  set(scenario: string, state: string): void {
    if (this.#shared === null) this.#own.set(scenario, state);
    else {
      const n = this.#known.indexOf(state);
      this.#shared.write(this.#keyOf(scenario), { n, fired: 0, atMs: 0 }, this.#era);
    }
  }

  /** Has every scenario begin anew. */
  reset(): void {
    this.#era += 1;
    this.#own.clear();
  }

  #keyOf(scenario: string): string {
    return JSON.stringify(['scenario', this.#at, scenario]);
  }
}
