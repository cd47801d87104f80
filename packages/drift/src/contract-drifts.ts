import type { Endpoint } from '@calltape/store';
import type { Checked, Contract } from './contract.ts';
import type { ContractFinding } from './contract-finding.ts';
import type { Direction, Drift } from './drift.ts';
import type { LearnedCall } from './learned-call.ts';
import { overridden, type SeverityOverride, severityOf } from './severity.ts';
import { Sightings } from './sightings.ts';

interface Tally {
  readonly endpoint: Endpoint;
  readonly direction: Direction;
  readonly status: number | null;
  readonly checked: Sightings;
  readonly found: Map<string, { readonly finding: ContractFinding; readonly seen: Sightings }>;
}

/** Counts what calls have that their description has not. */
export class ContractDrifts {
  readonly #contract: Contract;
  readonly #tallies = new Map<string, Tally>();
  /** Bodies that could not be held against the description, by the reason. */
  readonly unchecked: Map<string, number> = new Map();
  #serial = 0;

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  add(call: LearnedCall): void {
    if (call.status === null || call.outcome !== 'complete' || call.status === 304) return;
    this.#serial += 1;
    const round = { id: call.id, at: call.at, serial: this.#serial };
    if (!this.#contract.knows(call)) {
      const kind = 'endpoint-added';
      const finding: ContractFinding = { location: '', kind, was: 'not described', is: 'called' };
      if (call.status >= 400) return;
      this.#note(
        call,
        { direction: 'response', status: null, findings: [finding], unchecked: null },
        round,
      );
      return;
    }
    for (const checked of this.#contract.check(call)) this.#note(call, checked, round);
  }

  drifts(overrides: readonly SeverityOverride[]): Drift[] {
    return [...this.#tallies.values()].flatMap((tally) =>
      [...tally.found.values()].flatMap(({ finding, seen }) =>
        driftOf(tally, finding, seen, overrides),
      ),
    );
  }

  #note(
    { method, origin, template }: LearnedCall,
    { direction, status, findings, unchecked }: Checked,
    round: Parameters<Sightings['note']>[0],
  ): void {
    const endpoint = { method, origin, template };
    const key = JSON.stringify([endpoint, direction, status]);
    const tally = this.#tallies.get(key) ?? {
      endpoint,
      direction,
      status,
      checked: new Sightings(),
      found: new Map(),
    };
    this.#tallies.set(key, tally);
    if (unchecked !== null) {
      this.unchecked.set(unchecked, (this.unchecked.get(unchecked) ?? 0) + 1);
    }
    tally.checked.note(round);
    for (const finding of findings) {
      const at = JSON.stringify([finding.location, finding.kind]);
      const known = tally.found.get(at) ?? { finding, seen: new Sightings() };
      tally.found.set(at, known);
      known.seen.note(round);
    }
  }
}

function driftOf(
  { endpoint, direction, status, checked }: Tally,
  { location, kind, was, is }: ContractFinding,
  seen: Sightings,
  overrides: readonly SeverityOverride[],
): Drift[] {
  // What is required and never there is gone; what is missing here and there is optional.
  const isGone = kind === 'became-optional' && seen.count === checked.count;
  const told = isGone ? 'field-removed' : kind;
  const place = { endpoint, direction, status, location };
  // A success that is not described may stand in the place of one that is; a failure does not.
  const isFailure = kind === 'status-added' && (status ?? 0) >= 300;
  const level = severityOf(direction, told, isFailure ? 'weak' : 'strong');
  const severity = overridden(level, told, place, overrides);
  if (severity === 'ignore') return [];
  const [first] = seen.examples;
  return [
    {
      ...place,
      kind: told,
      severity,
      was,
      is,
      before: { count: 0, of: 0 },
      after: { count: seen.count, of: checked.count },
      chance: 0,
      chancePhrase: 'not as described',
      firstSeen: first === undefined ? null : new Date(first.at).toISOString(),
      examplesBefore: [],
      examplesAfter: seen.examples,
    },
  ];
}
