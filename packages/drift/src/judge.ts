import type { Endpoint } from '@calltape/store';
import { shareOf } from './alpha-share.ts';
import { chancePhrase } from './chance-phrase.ts';
import type { Clue } from './clue.ts';
import type { Drift } from './drift.ts';
import { overridden, type SeverityOverride, severityOf } from './severity.ts';
import { surprise } from './surprise.ts';

/** How findings are judged. */
export interface CompareOptions {
  /** The chance at which a difference is said aloud, 0 to 1. Default 0.01. */
  readonly alpha?: number;
  /**
   * True when the same calls are compared again and again as they come in: then each doubling of
   * their number may use up a part of `alpha` only. Default false.
   */
  readonly isRepeated?: boolean;
  readonly severityOverrides?: readonly SeverityOverride[];
  /** Which endpoints of the later calls to look at. Default all. */
  readonly only?: (endpoint: Endpoint) => boolean;
}

/** What differs at an endpoint, and at how many places something could have. */
export interface Clues {
  readonly clues: readonly Clue[];
  readonly places: number;
}

export interface Judged {
  readonly drifts: Drift[];
  /** What may as well be chance, the least likely first. */
  readonly notes: Drift[];
}

const ALPHA = 0.01;
/** Up to this many places each has the whole of alpha; at more of them something is unlikely somewhere. */
const FREE_PLACES = 9;
/** The first look is at this many. */
const FIRST_LOOK = 4;

/** Which of the clues are more than chance; of several for one change the strongest. */
export function judge(
  endpoint: Endpoint,
  { clues, places }: Clues,
  { alpha = ALPHA, isRepeated = false, severityOverrides = [] }: CompareOptions,
): Judged {
  const judged: Judged = { drifts: [], notes: [] };
  const crowd = Math.min(1, Math.sqrt(FREE_PLACES / places));
  for (const [clue, chance] of strongest(clues)) {
    const drift = driftOf(endpoint, clue, chance, severityOverrides);
    if (drift === undefined) continue;
    const limit = alpha * shareOf(clue) * crowd * (isRepeated ? shareOfLook(clue.after.of) : 1);
    (clue.isCertain || chance < limit ? judged.drifts : judged.notes).push(drift);
  }
  judged.notes.sort((a, b) => a.chance - b.chance);
  return judged;
}

/** Alpha shared out over looks at 4, 8, 16 ...: 6/pi^2 of it, a quarter of that, a ninth. */
function shareOfLook(calls: number): number {
  const look = Math.max(0, Math.floor(Math.log2(calls / FIRST_LOOK))) + 1;
  return 6 / (Math.PI * look) ** 2;
}

function strongest(clues: readonly Clue[]): [Clue, number][] {
  const best = new Map<string, [Clue, number]>();
  for (const clue of clues) {
    const { direction, status, location, kind, expected, before, after } = clue;
    const key = JSON.stringify([direction, status, location, kind]);
    const chance = surprise(expected, before.of, after.count, after.of);
    const known = best.get(key);
    if (known === undefined || chance < known[1]) best.set(key, [clue, chance]);
  }
  return [...best.values()];
}

function driftOf(
  endpoint: Endpoint,
  clue: Clue,
  chance: number,
  overrides: readonly SeverityOverride[],
): Drift | undefined {
  const { direction, status, location, kind, force } = clue;
  const place = { endpoint, direction, status, location };
  const severity = overridden(severityOf(direction, kind, force), kind, place, overrides);
  if (severity === 'ignore') return undefined;
  const [first] = clue.examplesAfter;
  return {
    ...place,
    kind,
    severity,
    was: clue.was,
    is: clue.is,
    before: clue.before,
    after: clue.after,
    chance,
    chancePhrase: chancePhrase(chance),
    firstSeen: first === undefined ? null : new Date(first.at).toISOString(),
    examplesBefore: clue.examplesBefore,
    examplesAfter: clue.examplesAfter,
  };
}
