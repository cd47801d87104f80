import { readPattern, WrongPattern } from './syntax.ts';
import type { Part } from './syntax.ts';

/** A state: what it takes to leave it, and where to. */
type State =
  | { kind: 'one'; fits: (character: string) => boolean; next: number }
  | { kind: 'edge'; at: 'start' | 'end'; next: number }
  | { kind: 'fork'; next: number[] }
  | { kind: 'done' };

/** Bounded repeats are written out. */
const MOST_STATES = 5_000;

/** Thompson's construction, from the end to the beginning. */
class Machine {
  readonly states: State[] = [{ kind: 'done' }];

  add(state: State): number {
    if (this.states.length >= MOST_STATES) throw new WrongPattern('is too large');
    this.states.push(state);
    return this.states.length - 1;
  }

  /** The state that a text has to get through this part from, to get to `next`. */
  before(part: Part, next: number): number {
    switch (part.kind) {
      case 'one':
        return this.add({ kind: 'one', fits: part.fits, next });
      case 'edge':
        return this.add({ kind: 'edge', at: part.at, next });
      case 'all':
        return part.parts.reduceRight((after, one) => this.before(one, after), next);
      case 'any':
        return this.add({ kind: 'fork', next: part.parts.map((one) => this.before(one, next)) });
      case 'repeat':
    }
    return this.#beforeRepeat(part.part, part.least, part.most, next);
  }

  #beforeRepeat(part: Part, least: number, most: number, next: number): number {
    let entry = next;
    if (most === Infinity) {
      const again: number[] = [next];
      entry = this.add({ kind: 'fork', next: again });
      again.push(this.before(part, entry));
    } else {
      for (let n = least; n < most; n += 1) {
        entry = this.add({ kind: 'fork', next: [next, this.before(part, entry)] });
      }
    }
    for (let n = 0; n < least; n += 1) entry = this.before(part, entry);
    return entry;
  }
}

/**
 * Tells whether a regular expression fits the whole of a text, as Java's `matches` does. The time
 * is in proportion to the text times the expression, whatever they are: nobody's pattern hangs.
 *
 * @throws WrongPattern when the expression cannot be used.
 */
export function wholeMatch(source: string): (text: string) => boolean {
  const machine = new Machine();
  const first = machine.before(readPattern(source), 0);
  const { states } = machine;
  return (text) => {
    const characters = Array.from(text);
    let now = reached(states, [first], 0, characters.length);
    for (const [at, character] of characters.entries()) {
      const next: number[] = [];
      for (const index of now) {
        const state = states[index];
        if (state?.kind === 'one' && state.fits(character)) next.push(state.next);
      }
      if (next.length === 0) return false;
      now = reached(states, next, at + 1, characters.length);
    }
    return now.has(0);
  };
}

/** All states that can be reached without a character. */
function reached(
  states: readonly State[],
  from: readonly number[],
  at: number,
  length: number,
): Set<number> {
  const seen = new Set<number>();
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const state = states[index];
    if (state === undefined || seen.has(index)) continue;
    seen.add(index);
    if (state.kind === 'fork') open.push(...state.next);
    else if (state.kind === 'edge' && at === (state.at === 'start' ? 0 : length)) {
      open.push(state.next);
    }
  }
  return seen;
}
