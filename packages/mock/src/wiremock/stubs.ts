import { AskedCall } from '../asked-call.ts';
import type { Call } from '../call.ts';
import { nearest } from '../described.ts';
import type {
  Described,
  DescribedPattern,
  Description,
  NearPattern,
  DescriptionOptions,
} from '../described.ts';
import { GivenCounts } from '../given-counts.ts';
import { randomAt, seedOf } from '../random.ts';
import type { SharedCounts } from '../shared-counts.ts';
import type { Mapping } from './mapping.ts';
import { ScenarioStates } from './scenario-states.ts';

/** Stub mappings of WireMock, with the states of their scenarios. */
export class Stubs implements Description {
  readonly patterns: readonly DescribedPattern[];
  /** In the order in which they are asked. */
  readonly #mappings: readonly Mapping[];
  readonly #options: DescriptionOptions;
  readonly #given = new GivenCounts();
  readonly #states: ScenarioStates;
  readonly lock: string | null;

  /** @param mappings - In the order in which they were read: of equals the later one answers. */
  constructor(mappings: readonly Mapping[], options: DescriptionOptions) {
    this.#options = options;
    this.#mappings = mappings.toReversed().toSorted((a, b) => a.priority - b.priority);
    this.patterns = mappings.map(({ pattern }) => pattern);
    this.#states = new ScenarioStates(mappings.flatMap(({ scenario }) => scenario ?? []));
    // Which mapping answers depends on what the call before has left.
    const [source] = this.patterns;
    const hasScenario = mappings.some(({ scenario }) => scenario !== null);
    this.lock = hasScenario ? JSON.stringify(['scenarios', source?.source]) : null;
  }

  share(counts: SharedCounts, at: number): void {
    this.#given.share(counts, at, this.patterns);
    this.#states.share(counts, at);
  }

  find(call: Call): Described | undefined {
    const asked = new AskedCall(call);
    const mapping = this.#mappings.find(
      (one) => this.#isItsTurn(one) && one.checks.every(({ holds }) => holds(asked)),
    );
    return mapping === undefined ? undefined : this.#answer(mapping, call);
  }

  near(call: Call): readonly NearPattern[] {
    const asked = new AskedCall(call);
    return nearest(this.#mappings.map((mapping) => this.#distance(mapping, asked)));
  }

  reset(): void {
    this.#states.reset();
    this.#given.reset(this.patterns);
  }

  #answer(mapping: Mapping, call: Call): Described {
    const { pattern, scenario, template } = mapping;
    const { seed, latency } = this.#options;
    const drawn = seedOf([seed, pattern.source, pattern.name]);
    return {
      pattern,
      plan: () => template(call.method, latency, randomAt(drawn, this.#given.of(pattern) + 1)),
      origin: null,
      given: () => {
        this.#given.add(pattern);
        if (scenario !== null && scenario.leaves !== null) {
          this.#states.set(scenario.name, scenario.leaves);
        }
      },
    };
  }

  #isItsTurn({ scenario }: Mapping): boolean {
    if (scenario === null || scenario.needs === null) return true;
    return this.#states.of(scenario.name) === scenario.needs;
  }

  #distance(mapping: Mapping, asked: AskedCall): NearPattern {
    const failed = mapping.checks.filter(({ holds }) => !holds(asked));
    const differs = failed.map(({ about }) => `${about} does not fit`);
    const { scenario } = mapping;
    if (scenario !== null && !this.#isItsTurn(mapping)) {
      const state = this.#states.of(scenario.name);
      differs.push(
        `scenario ${scenario.name} is in the state ${state}, not ${scenario.needs ?? ''}`,
      );
    }
    const distance = failed.reduce(
      (sum, check) => sum + check.distance,
      differs.length - failed.length,
    );
    return { pattern: mapping.pattern, differs, distance };
  }
}
