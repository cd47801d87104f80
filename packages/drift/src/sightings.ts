/** A call as evidence: enough to find it again. */
export interface Example {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** One body, or one entry of a map, while it is being learned. Whatever is in it counts once. */
export interface Round extends Example {
  /** Another number for each round of a process, never 0. */
  readonly serial: number;
}

/** As it is kept: how often, the last time, then id and time of the examples in turn. */
export type SightingsJson = readonly number[];

const MOST_EXAMPLES = 3;

function isEarlier(one: Example, other: Example): boolean {
  return one.at === other.at ? one.id < other.id : one.at < other.at;
}

/** How many bodies showed something, the first of them, and when it was last. */
export class Sightings {
  count = 0;
  /** Milliseconds since the Unix epoch; 0 before the first. */
  last = 0;
  readonly examples: Example[] = [];
  /** What is later is no example any more. */
  #latest = Infinity;
  #serial = 0;

  /** Counts a round, once however often it is noted. */
  note(round: Round): void {
    if (this.#serial === round.serial) return;
    this.#serial = round.serial;
    this.count += 1;
    if (round.at > this.#latest) {
      if (round.at > this.last) this.last = round.at;
    } else this.#remember(round);
  }

  merge(other: Sightings): void {
    this.count += other.count;
    if (other.last > this.last) this.last = other.last;
    for (const example of other.examples) this.#remember(example);
  }

  toJSON(): SightingsJson {
    return [this.count, this.last, ...this.examples.flatMap(({ id, at }) => [id, at])];
  }

  static fromJSON([count = 0, last = 0, ...examples]: SightingsJson): Sightings {
    const sightings = new Sightings();
    sightings.count = count;
    sightings.last = last;
    for (let at = 0; at + 1 < examples.length && at < MOST_EXAMPLES * 2; at += 2) {
      sightings.examples.push({ id: examples[at] ?? 0, at: examples[at + 1] ?? 0 });
    }
    sightings.#latest = sightings.examples[MOST_EXAMPLES - 1]?.at ?? Infinity;
    return sightings;
  }

  /** The earliest stay, in order: so it does not matter in which order they come. */
  #remember(call: Example): void {
    if (call.at > this.last) this.last = call.at;
    const { examples } = this;
    const latest = examples[MOST_EXAMPLES - 1];
    if (latest !== undefined && !isEarlier(call, latest)) return;
    const last = examples.at(-1);
    examples.push({ id: call.id, at: call.at });
    if (last !== undefined && isEarlier(call, last)) {
      examples.sort((one, other) => one.at - other.at || one.id - other.id);
    }
    if (examples.length > MOST_EXAMPLES) examples.pop();
    this.#latest = examples[MOST_EXAMPLES - 1]?.at ?? Infinity;
  }
}
