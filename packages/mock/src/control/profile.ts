import type { FaultsInForce } from '../faults-in-force.ts';
import { parseFault } from '../parse-fault.ts';
import { FAULT_PROFILES } from '../profiles.ts';
import type { FaultProfile } from '../profiles.ts';

/** The profile that is in force, and which of the rules are its own. */
export class ProfileInForce {
  readonly #faults: FaultsInForce;
  #name: FaultProfile | null;
  #ids: readonly number[];

  /** @param name - The profile that the first rules in force are those of. */
  constructor(faults: FaultsInForce, name: FaultProfile | null) {
    this.#faults = faults;
    this.#name = name;
    const count = name === null ? 0 : FAULT_PROFILES[name].length;
    this.#ids = faults.rules.slice(0, count).map(({ id }) => id);
  }

  get name(): FaultProfile | null {
    return this.#name;
  }

  /** Puts the rules of another profile, or of none, in the place of these; all others stay. */
  set(name: FaultProfile | null): void {
    for (const id of this.#ids) this.#faults.remove(id);
    const rules = name === null ? [] : FAULT_PROFILES[name].map(parseFault);
    this.#ids = rules.map((rule) => this.#faults.add(rule));
    this.#name = name;
  }
}

/** The profile of a name; undefined when there is none. */
export function profileNamed(name: unknown): FaultProfile | undefined {
  return profileNames().find((known) => known === name);
}

export function profileNames(): FaultProfile[] {
  const names: FaultProfile[] = [];
  for (const name in FAULT_PROFILES) if (isProfile(name)) names.push(name);
  return names;
}

function isProfile(name: string): name is FaultProfile {
  return Object.hasOwn(FAULT_PROFILES, name);
}
