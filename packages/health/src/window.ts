import type { CallRow, Endpoint } from '@calltape/store';
import type { EndpointFigures, Figures, Health } from './figures.ts';
import { Frequency } from './frequency.ts';
import { Pieces } from './pieces.ts';
import { Tally } from './tally.ts';
import { type Slice, sliceOf } from './verdict.ts';

const DEFAULT_BUCKETS = 60;
const SHORTEST_COVER_MS = 1000;

export interface WindowOptions {
  /** Length of the window, milliseconds. */
  readonly lengthMs: number;
  /** Into how many pieces the trends cut it; 60 unless told. */
  readonly buckets?: number;
  /** A moment at which a piece begins, milliseconds since the epoch; 0 unless told. */
  readonly alignMs?: number;
  /** Since when the tape knows of calls, milliseconds since the epoch; rates do not reach behind. */
  readonly knownFromMs?: number;
}

interface Group {
  readonly endpoint: Endpoint;
  readonly tally: Tally;
  readonly pieces: Pieces;
  /** Whole numbers, so that taking a call out restores the sum exactly. */
  totalMicros: number;
}

function endOf(call: CallRow): number {
  return call.startedAt + (call.durationMs ?? 0);
}

/**
 * The calls of the last `lengthMs`, kept so that a new, amended or outdated call costs a few
 * counter changes, whatever the size of the window. A call belongs to the time it ended at; one
 * under way always belongs. Trends show whole pieces of time, so the part of a piece that the
 * window begins in is in the figures and not in them.
 */
export class Window {
  readonly #lengthMs: number;
  readonly #bucketMs: number;
  readonly #buckets: number;
  readonly #alignMs: number;
  #knownFromMs: number;
  #fromMs = Number.NEGATIVE_INFINITY;
  readonly #calls = new Map<number, CallRow>();
  readonly #byPiece = new Map<number, Set<number>>();
  readonly #all = new Tally();
  readonly #slices: Readonly<Record<Slice, Tally>> = {
    live: new Tally(),
    mock: new Tally(),
    injected: new Tally(),
  };
  readonly #pieces = new Pieces();
  readonly #groups = new Map<string, Group>();
  readonly #frequency = new Frequency();

  constructor(options: WindowOptions) {
    this.#buckets = options.buckets ?? DEFAULT_BUCKETS;
    this.#lengthMs = options.lengthMs;
    this.#bucketMs = options.lengthMs / this.#buckets;
    this.#alignMs = options.alignMs ?? 0;
    this.#knownFromMs = options.knownFromMs ?? Number.POSITIVE_INFINITY;
  }

  /** How many calls it holds. */
  get size(): number {
    return this.#calls.size;
  }

  /** Takes in calls; one whose id is known replaces what was known of it. */
  put(calls: Iterable<CallRow>): void {
    for (const call of calls) {
      this.#forget(call.id);
      this.#knownFromMs = Math.min(this.#knownFromMs, call.startedAt);
      if (call.outcome === 'pending' || endOf(call) >= this.#fromMs) this.#change(call, 1);
    }
  }

  /** Takes calls out, by id. */
  remove(ids: Iterable<number>): void {
    for (const id of ids) this.#forget(id);
  }

  /**
   * The figures of the window that ends now.
   *
   * @param atMs - Now, milliseconds since the Unix epoch.
   */
  read(atMs: number): Health {
    const last = this.#pieceAt(atMs);
    const fromMs = this.#dropBefore(atMs - this.#lengthMs);
    const covered = Math.max(SHORTEST_COVER_MS, atMs - Math.max(fromMs, this.#knownFromMs));
    const { subject } = this.#all;
    const figures = (tally: Tally): Figures => tally.figures(atMs, covered);
    return {
      fromMs,
      toMs: atMs,
      coveredMs: covered,
      all: figures(this.#all),
      live: figures(this.#slices.live),
      mock: figures(this.#slices.mock),
      injected: figures(this.#slices.injected),
      subject,
      trend: this.#pieces.trend(last - this.#buckets + 1, last, this.#bucketMs, subject),
      endpoints: this.#endpoints(atMs, covered, last),
      reasons: this.#frequency.reasons(),
      faults: this.#frequency.faults(),
      oldestInFlight: this.#all.oldestPending(),
    };
  }

  #endpoints(atMs: number, covered: number, last: number): EndpointFigures[] {
    const groups = [...this.#groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const all = groups.map(([, { endpoint, tally, pieces, totalMicros }]) => ({
      ...tally.figures(atMs, covered, [tally.subject]),
      endpoint,
      subject: tally.subject,
      injected: tally.slices.injected,
      totalMs: totalMicros / 1000,
      trend: pieces.trend(last - this.#buckets + 1, last, this.#bucketMs, tally.subject),
    }));
    return all.toSorted((a, b) => b.calls - a.calls);
  }

  #pieceAt(ms: number): number {
    return Math.floor((ms - this.#alignMs) / this.#bucketMs);
  }

  /** Moves the start of the window on, never back, and says where it is now. */
  #dropBefore(fromMs: number): number {
    if (fromMs <= this.#fromMs) return this.#fromMs;
    this.#fromMs = fromMs;
    const first = this.#pieceAt(fromMs);
    for (const [piece, ids] of this.#byPiece) {
      if (piece <= first) this.#dropFrom(ids, fromMs);
      if (ids.size === 0) this.#byPiece.delete(piece);
    }
    return fromMs;
  }

  #dropFrom(ids: ReadonlySet<number>, fromMs: number): void {
    for (const id of ids) {
      const call = this.#calls.get(id);
      if (call !== undefined && endOf(call) < fromMs) this.#change(call, -1);
    }
  }

  #forget(id: number): void {
    const call = this.#calls.get(id);
    if (call !== undefined) this.#change(call, -1);
  }

  #change(call: CallRow, by: 1 | -1): void {
    const group = this.#groupOf(call);
    if (by === 1) this.#calls.set(call.id, call);
    else this.#calls.delete(call.id);
    for (const tally of [this.#all, this.#slices[sliceOf(call)], group.tally]) {
      if (by === 1) tally.add(call);
      else tally.take(call);
    }
    this.#frequency.change(call, by);
    if (call.outcome !== 'pending') this.#place(call, group, by);
    if (group.tally.calls === 0) this.#groups.delete(this.#keyOf(call));
  }

  #place(call: CallRow, group: Group, by: 1 | -1): void {
    const piece = this.#pieceAt(endOf(call));
    this.#pieces.change(piece, call, by);
    group.pieces.change(piece, call, by);
    group.totalMicros += by * Math.round((call.durationMs ?? 0) * 1000);
    const ids = this.#byPiece.get(piece) ?? new Set();
    if (by === 1) this.#byPiece.set(piece, ids.add(call.id));
    else ids.delete(call.id);
  }

  #keyOf(call: CallRow): string {
    return JSON.stringify([call.method, call.origin, call.template]);
  }

  #groupOf(call: CallRow): Group {
    const key = this.#keyOf(call);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const { method, origin, template } = call;
    const endpoint = { method, origin, template };
    const group = { endpoint, tally: new Tally(), pieces: new Pieces(), totalMicros: 0 };
    this.#groups.set(key, group);
    return group;
  }
}
