import type Database from 'better-sqlite3';
import { countDropped, droppedOf, withoutBodies } from './bodiless.ts';
import type { CallSink } from './call-sink.ts';
import { codeOf, isBusy } from './database.ts';
import type { KeepRule } from './keep-rule.ts';
import type { MessageSink } from './message-sink.ts';
import type { CallDraft, DraftBody } from './draft.ts';
import type { PlaceholderLedger } from './placeholder-ledger.ts';
import type { RecordingRow } from './recording-row.ts';
import { SlabReader } from './slab.ts';
import { asCall, entriesOf } from './slab-entry.ts';
import type { CallEntry, Entry, MessageEntry, RepeatEntry } from './slab-entry.ts';
import type { SpillFile } from './spill-file.ts';
import type { Slab, Written } from './writer-messages.ts';

/** The disk or the file fails, not one call: trying the calls one by one would change nothing. */
const FILE_FAILURE = /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM)/;

const SWITCHING_PROTOCOLS = 101;

/** What one transaction did, to be believed once it is committed. */
class Outcome {
  calls = 0;
  lost = 0;
  unkept = 0;
  dropped = 0;
  problem: string | null = null;
  readonly opened = new Map<number, number>();
  readonly ended: number[] = [];
}

function spilledIn({ body, response }: CallDraft): number[] {
  return [body.spilled ?? 0, response?.body.spilled ?? 0].filter((number) => number > 0);
}

function readerOf({ memory, length, moved }: Slab): SlabReader {
  return new SlabReader(memory, length, moved);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function restartLog(database: Database.Database): void {
  try {
    database.pragma('wal_checkpoint(RESTART)');
  } catch {
    // The disk fails here too; what it takes is tried next.
  }
}

/** What a batch is written with. */
export interface BatchParts {
  /** Which calls to keep; null keeps every call. */
  readonly rule: KeepRule | null;
  readonly sink: CallSink;
  readonly messages: MessageSink;
  readonly placeholders: PlaceholderLedger;
  readonly recording: RecordingRow;
  readonly spill: SpillFile;
}

/** Writes slabs of calls, one transaction for each, and keeps count of what could not be written. */
export class BatchWriter {
  readonly #database: Database.Database;
  readonly #sink: CallSink;
  readonly #messages: MessageSink;
  readonly #placeholders: PlaceholderLedger;
  readonly #recording: RecordingRow;
  readonly #spill: SpillFile;
  readonly #rule: KeepRule | null;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  readonly #mark: Database.Statement;
  readonly #release: Database.Statement;
  readonly #back: Database.Statement;
  /** Rows of calls that were written as pending, by the number their owner gave them. */
  readonly #pendingRows = new Map<number, number>();
  /** How calls ended whose rows are on the tape already, but whose end the tape did not take. */
  #owed: CallEntry[] = [];
  #lostUnwritten = 0;
  #listenUnwritten: string | null = null;

  constructor(database: Database.Database, parts: BatchParts) {
    this.#database = database;
    this.#sink = parts.sink;
    this.#messages = parts.messages;
    this.#placeholders = parts.placeholders;
    this.#recording = parts.recording;
    this.#spill = parts.spill;
    this.#rule = parts.rule;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
    this.#mark = database.prepare('SAVEPOINT entry');
    this.#release = database.prepare('RELEASE entry');
    this.#back = database.prepare('ROLLBACK TO entry');
  }

  /**
   * Writes what slabs hold, in one transaction. A lock of another program is waited for by calling again.
   *
   * @throws only when another connection holds the tape; nothing has been written then.
   */
  write(slabs: readonly Slab[]): Written {
    const entries = (): SlabReader[] => slabs.map(readerOf);
    const written = this.#attempt(entries);
    if (!this.#spill.isEmpty) this.#forgetSpilled(entries());
    return written;
  }

  #attempt(entries: () => SlabReader[]): Written {
    try {
      return this.#transaction((outcome) => this.#writeAll(entries(), outcome));
    } catch (error) {
      if (isBusy(error)) throw error;
      return FILE_FAILURE.test(codeOf(error))
        ? this.#withMoreRoom(entries, error)
        : this.#oneByOne(entries);
    }
  }

  /** Counts calls that their owner could not keep; on the tape with the next transaction. */
  lose(calls: number): void {
    this.#lostUnwritten += calls;
  }

  /** Notes where connections are accepted; on the tape with the next transaction. */
  listening(url: string): void {
    this.#listenUnwritten = url;
  }

  /**
   * Writes what is left over, without any new call.
   *
   * @throws only when another connection holds the tape.
   */
  settle(act: () => void = () => undefined): Written {
    try {
      return this.#transaction(act);
    } catch (error) {
      if (isBusy(error)) throw error;
      return { calls: 0, lost: 0, unkept: 0, dropped: 0, problem: messageOf(error), failed: true };
    }
  }

  /** Whether anything waits to be told by {@link settle}. */
  get unsettled(): boolean {
    return this.#lostUnwritten > 0 || this.#listenUnwritten !== null || this.#owed.length > 0;
  }

  /** Gives slabs up whose turn did not come: another program never let go of the tape. */
  giveUp(slabs: readonly Slab[], problem: string): Written {
    const written = this.#lost(slabs.map(readerOf), problem);
    this.#forgetSpilled(slabs.map(readerOf));
    return written;
  }

  /** What is owed to the tape still, counted as lost: there will be no further transaction. */
  abandon(): number {
    const { length } = this.#owed;
    this.#owed = [];
    return length;
  }

  #transaction(act: (outcome: Outcome) => void): Written {
    const outcome = new Outcome();
    this.#begin.run();
    try {
      this.#sink.begin();
      for (const entry of this.#owed) this.#writeApart(entry, outcome);
      act(outcome);
      if (this.#listenUnwritten !== null) this.#recording.listening(this.#listenUnwritten);
      this.#recording.count(this.#lostUnwritten + outcome.lost, outcome.dropped);
      this.#sink.settle();
      this.#messages.settle();
      this.#placeholders.write();
      this.#sink.ends();
      this.#commit.run();
      this.#placeholders.written();
      this.#messages.committed();
    } catch (error) {
      if (this.#database.inTransaction) this.#rollback.run();
      this.#sink.forget();
      this.#messages.forget();
      throw error;
    }
    for (const number of outcome.ended) this.#pendingRows.delete(number);
    for (const [number, row] of outcome.opened) this.#pendingRows.set(number, row);
    this.#owed = [];
    this.#lostUnwritten = 0;
    this.#listenUnwritten = null;
    const { calls, lost, unkept, dropped, problem } = outcome;
    return { calls, lost, unkept, dropped, problem, failed: false };
  }

  #writeAll(slabs: readonly SlabReader[], outcome: Outcome): void {
    for (const entry of entriesOf(slabs)) this.#writeEntry(entry, outcome);
  }

  #writeEntry(entry: Entry, outcome: Outcome): void {
    if (entry.kind === 'repeat') this.#writeRepeat(entry, outcome);
    else if (entry.kind === 'call') this.#writeCall(entry, outcome);
    else this.#writeMessage(entry, outcome);
  }

  #writeRepeat(entry: RepeatEntry, outcome: Outcome): void {
    const { repeats, times } = entry.call;
    const isWritten = this.#rule === null && times !== null && this.#sink.repeat(repeats, times);
    if (isWritten) outcome.calls += 1;
    else this.#writeCall(asCall(entry), outcome);
  }

  #writeMessage({ number, message }: MessageEntry, outcome: Outcome): void {
    const row = outcome.opened.get(number) ?? this.#pendingRows.get(number);
    if (row === undefined) this.#messages.lose(number, message);
    else this.#messages.put(number, row, message);
  }

  #writeCall({ finished, number, draft }: CallEntry, outcome: Outcome): void {
    const row = outcome.opened.get(number) ?? this.#pendingRows.get(number);
    if (row === undefined && !this.#isKept(draft, finished)) {
      if (finished) this.#messages.leaveOut(number);
      if (finished) outcome.unkept += 1;
      return;
    }
    this.#unspill(draft);
    const id = row ?? this.#sink.insert(draft);
    if (row !== undefined) this.#sink.amend(row, draft);
    if (finished) {
      outcome.calls += 1;
      outcome.dropped += countDropped(droppedOf(draft));
      outcome.opened.delete(number);
      outcome.ended.push(number);
      this.#messages.end(number, id);
      return;
    }
    outcome.opened.set(number, id);
    if (draft.response?.status === SWITCHING_PROTOCOLS) this.#messages.begin(number, id);
  }

  /** A call that its end may still exclude is not shown before: what shows stays. */
  #isKept(draft: CallDraft, finished: boolean): boolean {
    if (this.#rule === null) return true;
    const head = this.#sink.head(draft);
    return finished ? this.#rule.keeps(head) : this.#rule.willKeep(head);
  }

  /** Puts the parts of bodies that were put aside in their place again. */
  #unspill({ body, response }: CallDraft): void {
    this.#unspillBody(body);
    if (response !== null) this.#unspillBody(response.body);
  }

  #unspillBody(body: DraftBody): void {
    const number = body.spilled ?? 0;
    if (number === 0) return;
    const front = this.#spill.read(number);
    body.spilled = 0;
    body.dropped = front === null;
    body.pieces = front === null ? [] : [Buffer.concat([front, ...body.pieces])];
    // Content that is whole is hashed where it is written, like any other.
    if (body.pieces[0]?.length === body.size) body.hash = null;
  }

  #forgetSpilled(slabs: readonly SlabReader[]): void {
    for (const entry of entriesOf(slabs)) {
      if (entry.kind !== 'call' || !entry.finished) continue;
      for (const number of spilledIn(entry.draft)) this.#spill.remove(number);
    }
  }

  /** A log that is full of what the tape holds too gives room back when it is begun anew. */
  #withMoreRoom(entries: () => SlabReader[], error: unknown): Written {
    restartLog(this.#database);
    try {
      return this.#transaction((outcome) => this.#writeAll(entries(), outcome));
    } catch (again) {
      if (isBusy(again)) throw again;
      return this.#lost(entries(), messageOf(error));
    }
  }

  /** One call that cannot be written must not take the others with it. */
  #oneByOne(entries: () => SlabReader[]): Written {
    try {
      return this.#transaction((outcome) => {
        for (const entry of entriesOf(entries())) this.#writeApart(entry, outcome);
      });
    } catch (error) {
      if (isBusy(error)) throw error;
      return this.#lost(entries(), messageOf(error));
    }
  }

  #writeApart(entry: Entry, outcome: Outcome): void {
    this.#mark.run();
    try {
      this.#writeEntry(entry, outcome);
      this.#sink.settle();
    } catch (error) {
      if (FILE_FAILURE.test(codeOf(error))) throw error;
      this.#back.run();
      this.#sink.forget();
      outcome.problem = messageOf(error);
      if (entry.kind === 'message') this.#messages.unkept(entry.number);
      else if (entry.kind === 'repeat') outcome.lost += 1;
      else if (entry.finished) this.#loseEntry(entry.number, outcome);
    }
    this.#release.run();
  }

  /** A call that was shown as pending stays, without what came of it. */
  #loseEntry(number: number, outcome: Outcome): void {
    const row = this.#pendingRows.get(number);
    if (row === undefined) {
      outcome.lost += 1;
      return;
    }
    this.#sink.interrupt(row);
    outcome.calls += 1;
    outcome.ended.push(number);
  }

  #lost(slabs: readonly SlabReader[], problem: string): Written {
    let lost = 0;
    for (const entry of entriesOf(slabs)) {
      if (entry.kind === 'message') this.#messages.lose(entry.number, entry.message);
      if (entry.kind === 'repeat') lost += 1;
      if (entry.kind !== 'call' || !entry.finished) continue;
      if (this.#pendingRows.has(entry.number)) {
        this.#owed.push({ ...entry, draft: withoutBodies(entry.draft) });
      } else lost += 1;
    }
    this.#lostUnwritten += lost;
    return { calls: 0, lost, unkept: 0, dropped: 0, problem, failed: true };
  }
}
