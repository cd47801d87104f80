import type { Drift } from '@calltape/drift';
import { TapeError, type Finding, type FindingWriter } from '@calltape/store';

/** The findings of a follower: what it has told, and what of it is on the tape. */
export class FoundSoFar {
  readonly #writer: FindingWriter;
  readonly #found = new Map<string, Drift>();
  /** Those whose rows are not as they should be; null when there are rows too that should go. */
  #unwritten: Map<string, Drift> | null = null;

  constructor(writer: FindingWriter) {
    this.#writer = writer;
  }

  get all(): readonly Drift[] {
    return [...this.#found.values()];
  }

  /** Takes what a look showed. @returns what no look showed before. */
  take(drifts: readonly Drift[]): readonly Drift[] {
    const fresh: Drift[] = [];
    for (const drift of drifts) {
      const key = keyOf(drift);
      if (!this.#found.has(key)) fresh.push(drift);
      this.#disprove(drift);
      this.#found.set(key, drift);
      this.#unwritten?.set(key, drift);
    }
    return fresh;
  }

  /** What was missing in all of the first calls, and came again, is not gone. */
  #disprove(drift: Drift): void {
    if (drift.kind !== 'became-optional') return;
    if (this.#found.delete(keyOf({ ...drift, kind: 'field-removed' }))) this.#unwritten = null;
  }

  /** Writes the rows that changed; false when the tape is locked and it has to be done again. */
  write(): boolean {
    try {
      if (this.#unwritten === null) this.#writer.replace(this.all.map(findingOf));
      else this.#writer.put([...this.#unwritten.values()].map(findingOf));
      this.#unwritten = new Map();
      return true;
    } catch (error) {
      if (error instanceof TapeError && error.code === 'TAPE_BUSY') return false;
      throw error;
    }
  }
}

function keyOf({ endpoint, direction, status, location, kind }: Drift): string {
  const { method, origin, template } = endpoint;
  return JSON.stringify([method, origin, template, direction, status, location, kind]);
}

function findingOf(drift: Drift): Finding {
  const { endpoint, firstSeen, examplesBefore, examplesAfter } = drift;
  return {
    method: endpoint.method,
    origin: endpoint.origin,
    template: endpoint.template,
    direction: drift.direction,
    status: drift.status,
    location: drift.location,
    kind: drift.kind,
    severity: drift.severity,
    was: drift.was,
    is: drift.is,
    before: drift.before,
    after: drift.after,
    chance: drift.chance,
    phrase: drift.chancePhrase,
    firstSeen: firstSeen === null ? null : Date.parse(firstSeen),
    examples: [
      ...examplesBefore.map(({ id }) => ({ side: 'before', id }) as const),
      ...examplesAfter.map(({ id }) => ({ side: 'after', id }) as const),
    ],
  };
}
