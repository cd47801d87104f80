import type { Direction, DriftKind, Evidence } from './drift.ts';
import type { Force } from './severity.ts';
import type { Example, Sightings } from './sightings.ts';

/** Something that differs, before it is known whether by more than chance. */
export interface Clue {
  readonly location: string;
  readonly direction: Direction;
  readonly status: number | null;
  readonly kind: DriftKind;
  readonly force: Force;
  readonly was: string;
  readonly is: string;
  /** How often the event that tells it was seen, and how often it could have been. */
  readonly before: Evidence;
  readonly after: Evidence;
  /** The event's count before together with what may not have been seen yet. */
  readonly expected: number;
  /** One sighting is enough: the provider says so, or nothing of the kind ever came before. */
  readonly isCertain: boolean;
  /** How far what is known before is complete: 1 as far as its number tells, less or more by its look. */
  readonly trust: number;
  readonly examplesBefore: readonly Example[];
  readonly examplesAfter: readonly Example[];
}

/** A clue as it is found; counts are taken from what was seen. */
export interface Finding {
  readonly kind: DriftKind;
  readonly location: string;
  readonly force?: Force;
  readonly was: string;
  readonly is: string;
  /** The event's count and that of its occasions. */
  readonly before: readonly [event: number, of: number];
  readonly after: readonly [event: number, of: number];
  readonly expected?: number;
  readonly isCertain?: boolean;
  readonly trust?: number;
  readonly examplesBefore: Sightings | undefined;
  readonly examplesAfter: Sightings | undefined;
}

/** Where a search is, and what it has found. */
export class Scene {
  readonly direction: Direction;
  readonly status: number | null;
  readonly clues: Clue[] = [];
  /** Every place that was compared. */
  readonly places: Set<string>;
  /** Several variants as one: only what never happened before tells anything. */
  readonly isMixed: boolean;

  constructor(direction: Direction, status: number | null, mixedIn: Scene | null = null) {
    this.direction = direction;
    this.status = status;
    this.isMixed = mixedIn !== null;
    this.places = mixedIn?.places ?? new Set();
  }

  mixed(): Scene {
    return new Scene(this.direction, this.status, this);
  }

  add(finding: Finding): void {
    const { before, after } = finding;
    const isSilent = after[0] === 0 || before[1] === 0 || (this.isMixed && before[0] > 0);
    if (!isSilent) this.clues.push(this.#clueOf(finding));
  }

  take(clues: readonly Clue[]): void {
    this.clues.push(...clues);
  }

  #clueOf(finding: Finding): Clue {
    const before = evidence(...finding.before);
    return {
      direction: this.direction,
      status: this.status,
      kind: finding.kind,
      location: finding.location,
      force: finding.force ?? 'strong',
      was: finding.was,
      is: finding.is,
      before,
      after: evidence(...finding.after),
      expected: Math.min(before.of, finding.expected ?? before.count),
      isCertain: finding.isCertain ?? false,
      trust: finding.trust ?? 1,
      examplesBefore: finding.examplesBefore?.examples ?? [],
      examplesAfter: finding.examplesAfter?.examples ?? [],
    };
  }
}

function evidence(count: number, of: number): Evidence {
  return { count: Math.min(count, of), of };
}

/** One more step of a JSON Pointer (RFC 6901). */
export function pointer(parent: string, key: string): string {
  return `${parent}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
