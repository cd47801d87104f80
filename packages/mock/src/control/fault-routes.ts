import { MockError } from '../errors.ts';
import type { FaultsInForce, RuleState } from '../faults-in-force.ts';
import { parseFault } from '../parse-fault.ts';
import type { FaultList } from './figures.ts';
import { membersOf } from './json-body.ts';
import { profileNamed, profileNames } from './profile.ts';
import type { ProfileInForce } from './profile.ts';
import { Refusal } from './refusal.ts';

const MOST_RULES = 1_000;

/** What the control API does about fault rules. */
export class FaultRoutes {
  readonly #faults: FaultsInForce;
  readonly #seed: number;
  readonly #profile: ProfileInForce;

  constructor(faults: FaultsInForce, seed: number, profile: ProfileInForce) {
    this.#faults = faults;
    this.#seed = seed;
    this.#profile = profile;
  }

  list(): FaultList {
    return { seed: this.#seed, profile: this.#profile.name, rules: this.#faults.rules };
  }

  add(content: unknown): RuleState {
    const members = membersOf(content, ['rule', 'on']);
    const [text, on = true] = [members.get('rule'), members.get('on')];
    if (typeof text !== 'string' || typeof on !== 'boolean') {
      const message = 'Name the rule as a text: {"rule": "POST /v1/charges status=503"}.';
      throw new Refusal(400, 'CONTENT_INVALID', message);
    }
    if (this.#faults.rules.length >= MOST_RULES) {
      throw new Refusal(409, 'RULES_FULL', `There are ${MOST_RULES} rules. Remove some first.`);
    }
    if (!this.#faults.hasRoom) {
      const message = 'Workers share the counts of no more rules. Remove some first.';
      throw new Refusal(409, 'RULES_FULL', message);
    }
    const id = this.#faults.add(ruleOf(text));
    if (!on) this.#faults.turn(id, false);
    return this.#ruleWith(id);
  }

  turn(id: number, content: unknown): RuleState {
    const on = membersOf(content, ['on']).get('on');
    if (typeof on !== 'boolean') {
      throw new Refusal(400, 'CONTENT_INVALID', 'Say whether it is on: {"on": false}.');
    }
    if (!this.#faults.turn(id, on)) throw unknownRule(id);
    return this.#ruleWith(id);
  }

  remove(id: number): { readonly removed: number } {
    if (!this.#faults.remove(id)) throw unknownRule(id);
    return { removed: id };
  }

  setProfile(content: unknown): FaultList {
    const name = membersOf(content, ['profile']).get('profile');
    const profile = name === null ? null : profileNamed(name);
    if (profile === undefined) {
      const known = profileNames().join(', ');
      const message = `There is no such profile. Name one of ${known}, or null for none.`;
      throw new Refusal(400, 'PROFILE_UNKNOWN', message);
    }
    this.#profile.set(profile);
    return this.list();
  }

  #ruleWith(id: number): RuleState {
    const rule = this.#faults.rules.find((candidate) => candidate.id === id);
    if (rule === undefined) throw unknownRule(id);
    return rule;
  }
}

function ruleOf(text: string): ReturnType<typeof parseFault> {
  try {
    return parseFault(text);
  } catch (error) {
    if (error instanceof MockError) throw new Refusal(400, error.code, error.message);
    throw error;
  }
}

function unknownRule(id: number): Refusal {
  return new Refusal(404, 'RULE_UNKNOWN', `There is no rule ${id}: look into the list of faults.`);
}
