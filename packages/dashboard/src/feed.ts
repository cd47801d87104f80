import type { Window } from '@calltape/health';
import {
  type CallRow,
  type Filter,
  type FindingCounts,
  isAlive,
  openTape,
  parseFilter,
  type Recording,
  type Tape,
  type TapeCursor,
  type TapeQuery,
} from '@calltape/store';
import { hostname } from 'node:os';
import { append, type CallList, merge, NO_CALLS, prepend } from './call-list.ts';
import type { Picture, Span } from './picture.ts';
import type { OpenedCall } from './scene.ts';
import { slidingWindow, usefulLength, wholeTape } from './window-source.ts';

const PAGE = 1000;
/** Ids this near to each other are looked up with one query. */
const NEAR = 1000;
const CHANGES_AT_ONCE = 5000;
/** Of a WebSocket that is looked at. */
const LAST_MESSAGES = 100;

/** What to show of a tape. */
export interface Wanted {
  readonly filter: Filter | null;
  readonly windowMs: number;
  /** The window was asked for by the user: keep it also on a tape that is finished. */
  readonly fixedWindow: boolean;
}

function isLive({ endedAt, machine, pid }: Recording): boolean {
  return endedAt === null && machine === hostname() && pid !== null && isAlive(pid);
}

function endOf({ startedAt, durationMs }: CallRow): number {
  return startedAt + (durationMs ?? 0);
}

/** Neighbouring ids, so that a filter is asked about each run once. */
function runsOf(ids: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const id of ids) {
    const run = runs.at(-1);
    if (run !== undefined && id - run[1] <= NEAR) run[1] = id;
    else runs.push([id, id]);
  }
  return runs;
}

/** Follows one tape, read-only. The only part of the dashboard that touches it. */
export class Feed {
  readonly #tape: Tape;
  readonly #only: TapeQuery;
  #wanted: Wanted;
  #cursor: TapeCursor = { id: 0, amendment: 0 };
  #recordings: readonly Recording[] = [];
  #drift: FindingCounts = { breaking: 0, warning: 0, info: 0 };
  #window: Window;
  #span: Span;
  #tapeEndMs = 0;
  /** How much of the window is kept while the tape is younger than it. */
  #filledMs = 0;
  #list: CallList = NO_CALLS;
  #total = 0;
  #matching = 0;
  #oldestId: number | undefined;
  #newestMs: number | null = null;
  readonly #openMatches = new Set<number>();

  /**
   * @param file - The tape.
   * @param recording - Only calls of the recording with this name.
   * @throws TapeError when the tape cannot be opened.
   */
  constructor(file: string, recording: string | undefined, wanted: Wanted, nowMs: number) {
    this.#tape = openTape(file);
    this.#only = recording === undefined ? {} : { recording };
    this.#wanted = wanted;
    ({ window: this.#window, span: this.#span } = this.#load(nowMs));
  }

  /** Shows something else of the tape from now on. */
  show(wanted: Wanted, nowMs: number): void {
    this.#wanted = wanted;
    this.#reload(nowMs);
  }

  /** Takes in what others have written since; false when that is nothing. */
  poll(nowMs: number): boolean {
    if (this.#isOutgrown(nowMs)) {
      this.#reload(nowMs);
      return true;
    }
    if (!this.#tape.changed()) return false;
    const wasLive = this.#isLive();
    this.#recordings = this.#tape.recordings();
    this.#drift = this.#tape.findingCounts();
    if (this.#firstId() !== this.#oldestId) this.#recount();
    let rows: CallRow[];
    do {
      const changes = this.#tape.changes(this.#cursor);
      rows = changes.rows;
      this.#take(rows);
      this.#cursor = changes.cursor;
    } while (rows.length >= CHANGES_AT_ONCE);
    if (wasLive !== this.#isLive() || this.#span.kind === 'tape') this.#reload(nowMs);
    return true;
  }

  /** How many calls have come onto the tape that were not taken in yet. */
  waiting(): number {
    return Math.max(0, this.#tape.head().id - this.#cursor.id);
  }

  picture(nowMs: number): Picture {
    return {
      file: this.#tape.file,
      atMs: nowMs,
      total: this.#total,
      matching: this.#matching,
      lost: this.#recordings.reduce((sum, { lostCalls }) => sum + lostCalls, 0),
      droppedBodies: this.#recordings.reduce((sum, one) => sum + one.droppedBodies, 0),
      drift: this.#drift,
      live: this.#recordings.filter(isLive).map(({ source, listen }) => ({ source, url: listen })),
      span: this.#span,
      health: this.#window.read(this.#span.kind === 'tape' ? this.#tapeEndMs : nowMs),
      list: this.#list,
      newestMs: this.#newestMs,
    };
  }

  /** The same picture with the calls that were read since. */
  relist(picture: Picture): Picture {
    return { ...picture, list: this.#list };
  }

  exchange(id: number): OpenedCall | undefined {
    const exchange = this.#tape.exchange(id);
    if (exchange?.websocket === undefined) return exchange;
    const last = { end: 'last', limit: LAST_MESSAGES } as const;
    return { ...exchange, lastMessages: this.#tape.messages(id, last) };
  }

  /** Reads on towards the start of the tape. */
  readOlder(): void {
    const first = this.#list.rows[0];
    if (this.#list.atStart || first === undefined) return;
    const rows = this.#before(first.id);
    this.#list = prepend(this.#list, rows.toReversed(), rows.length < PAGE);
  }

  /** Reads on towards the end of the tape. */
  readNewer(): void {
    const last = this.#list.rows.at(-1);
    if (this.#list.atEnd || last === undefined) return;
    const rows = this.#after(last.id);
    this.#list = append(this.#list, rows, rows.length < PAGE);
  }

  toStart(): void {
    if (this.#list.atStart) return;
    const rows = this.#after(0);
    this.#list = { rows, atStart: true, atEnd: rows.length < PAGE };
  }

  toEnd(): void {
    if (!this.#list.atEnd) this.#list = this.#newest();
  }

  close(): void {
    this.#tape.close();
  }

  #isLive(): boolean {
    return this.#recordings.some(isLive);
  }

  #query(more: TapeQuery): TapeQuery {
    const { filter } = this.#wanted;
    return filter === null ? { ...this.#only, ...more } : { ...this.#only, filter, ...more };
  }

  // What is newer than the cursor comes with the next poll; reading it here too would count it twice.
  #after(id: number): CallRow[] {
    return this.#tape.calls(
      this.#query({ afterId: id, beforeId: this.#cursor.id + 1, limit: PAGE }),
    );
  }

  #before(id: number, limit = PAGE): CallRow[] {
    return this.#tape.calls(this.#query({ beforeId: id, limit, order: 'desc' }));
  }

  #newest(): CallList {
    const rows = this.#before(this.#cursor.id + 1);
    return { rows: rows.toReversed(), atStart: rows.length < PAGE, atEnd: true };
  }

  #reload(nowMs: number): void {
    ({ window: this.#window, span: this.#span } = this.#load(nowMs));
  }

  #load(nowMs: number): { window: Window; span: Span } {
    // Asked before anything is read: what is committed meanwhile comes with the next poll.
    this.#tape.changed();
    this.#cursor = this.#tape.head();
    this.#recordings = this.#tape.recordings();
    this.#drift = this.#tape.findingCounts();
    this.#list = this.#newest();
    this.#recount();
    const { rows } = this.#list;
    this.#newestMs = rows.length === 0 ? null : Math.max(...rows.map(endOf));
    this.#openMatches.clear();
    return this.#fillWindow(nowMs);
  }

  /** Counts anew: when a reading begins, and when old calls were deleted from the tape. */
  #recount(): void {
    const upTo = { beforeId: this.#cursor.id + 1 };
    this.#oldestId = this.#firstId();
    this.#total = this.#tape.count({ ...this.#only, ...upTo });
    this.#matching =
      this.#wanted.filter === null ? this.#total : this.#tape.count(this.#query(upTo));
  }

  #firstId(): number | undefined {
    return this.#tape.calls({ limit: 1 })[0]?.id;
  }

  #fillWindow(nowMs: number): { window: Window; span: Span } {
    const { windowMs, fixedWindow } = this.#wanted;
    const read = (beforeId: number, limit: number): CallRow[] => this.#before(beforeId, limit);
    const recent = (this.#newestMs ?? nowMs) >= nowMs - windowMs;
    if (this.#isLive() || (fixedWindow && recent)) {
      this.#filledMs = this.#usefulMs(nowMs);
      const { window, newestOnly } = slidingWindow(read, {
        beforeId: this.#cursor.id + 1,
        lengthMs: this.#filledMs,
        nowMs,
        knownFromMs: this.#knownFromMs(),
      });
      window.put(this.#pending());
      return { window, span: { kind: 'last', lengthMs: windowMs, newestOnly } };
    }
    const { toMs, ...whole } = wholeTape(read, this.#cursor.id + 1);
    this.#tapeEndMs = toMs;
    return whole;
  }

  /** Time alone does it: on an idle tape too, calls must not leave the window too early. */
  #isOutgrown(nowMs: number): boolean {
    const isShort = this.#span.kind === 'last' && this.#filledMs < this.#wanted.windowMs;
    return isShort && this.#usefulMs(nowMs) !== this.#filledMs;
  }

  #usefulMs(nowMs: number): number {
    return usefulLength(this.#wanted.windowMs, this.#knownFromMs(), nowMs);
  }

  /** Calls under way, however long ago they began. */
  #pending(): CallRow[] {
    const { filter } = this.#wanted;
    const pending = parseFilter(filter === null ? 'pending' : `pending (${filter.text})`);
    const rows = this.#tape.calls({
      ...this.#only,
      filter: pending,
      beforeId: this.#cursor.id + 1,
    });
    for (const { id } of rows) this.#openMatches.add(id);
    return rows;
  }

  #knownFromMs(): number {
    const first = this.#tape.calls({ ...this.#only, limit: 1 })[0]?.startedAt;
    const begun = this.#recordings[0]?.startedAt;
    return Math.min(first ?? Number.POSITIVE_INFINITY, begun ?? Number.POSITIVE_INFINITY);
  }

  #take(changed: readonly CallRow[]): void {
    const { recording } = this.#only;
    const rows =
      recording === undefined ? changed : changed.filter((row) => row.recording === recording);
    const matches = this.#matchesOf(rows);
    const gone = new Set<number>();
    for (const row of rows) {
      if (row.id > this.#cursor.id) this.#total += 1;
      this.#countMatch(row, matches.has(row.id));
      if (!matches.has(row.id)) gone.add(row.id);
    }
    const matching = rows.filter(({ id }) => matches.has(id));
    this.#window.put(matching);
    this.#window.remove(gone);
    this.#list = merge(this.#list, matching, gone);
    for (const row of matching) this.#newestMs = Math.max(this.#newestMs ?? 0, endOf(row));
  }

  #countMatch({ id, outcome }: CallRow, isMatch: boolean): void {
    const wasMatch = this.#openMatches.delete(id);
    if (isMatch && !wasMatch) this.#matching += 1;
    if (!isMatch && wasMatch) this.#matching -= 1;
    if (isMatch && outcome === 'pending') this.#openMatches.add(id);
  }

  #matchesOf(rows: readonly CallRow[]): ReadonlySet<number> {
    const ids = rows.map(({ id }) => id);
    if (this.#wanted.filter === null) return new Set(ids);
    const found = runsOf(ids).flatMap(([first, last]) =>
      this.#tape.calls(this.#query({ afterId: first - 1, beforeId: last + 1 })),
    );
    return new Set(found.map(({ id }) => id));
  }
}
