import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type Database from 'better-sqlite3';
import { CallSink } from './call-sink.ts';
import { openForWriting } from './database.ts';
import { unpackDraft } from './draft-codec.ts';
import type { CallDraft } from './draft.ts';
import { TapeError } from './errors.ts';
import { KeepRule } from './keep-rule.ts';
import { unpackMessage } from './message-codec.ts';
import { MessageSink } from './message-sink.ts';
import type { DraftMessage } from './message.ts';
import { markInterrupted, RecordingRow } from './recording-row.ts';
import { createRedactor } from './redact.ts';
import { loadSecretKey } from './secret-key.ts';
import { SlabReader } from './slab.ts';
import { ENTRY } from './writer-messages.ts';
import type { FromThread, ThreadStart, ToThread } from './writer-messages.ts';

const SWITCHING_PROTOCOLS = 101;

interface Written {
  calls: number;
  lost: number;
  unkept: number;
  failure: string | null;
}

/** The thread behind a TapeWriter: takes slabs, writes one transaction for each. */
class WriterThread {
  readonly #database: Database.Database;
  readonly #sink: CallSink;
  readonly #rule: KeepRule | null;
  readonly #messages: MessageSink;
  readonly #recording: RecordingRow;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  /** Rows of calls that were written as pending, by the number their owner gave them. */
  readonly #pendingRows = new Map<number, number>();
  /** What the current transaction has changed in them: the rows from before it. */
  readonly #rowsBefore = new Map<number, number | undefined>();

  constructor(start: ThreadStart) {
    const redactor = start.redact ? createRedactor(loadSecretKey()) : null;
    this.#database = openForWriting(start.file);
    markInterrupted(this.#database);
    this.#recording = new RecordingRow(this.#database, start);
    this.#sink = new CallSink(this.#database, this.#recording.id, redactor);
    this.#rule =
      start.keep === null ? null : new KeepRule(this.#database, start.keep, start.recording);
    this.#messages = new MessageSink(this.#database, redactor);
    this.#begin = this.#database.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#database.prepare('COMMIT');
    this.#rollback = this.#database.prepare('ROLLBACK');
  }

  get recordingId(): number {
    return this.#recording.id;
  }

  listening(url: string): void {
    this.#recording.listening(url);
  }

  write(memory: ArrayBuffer, length: number): Written {
    try {
      this.#begin.run();
      const { kept, unkept } = this.#writeEntries(new SlabReader(memory, length));
      this.#messages.settle();
      this.#commit.run();
      this.#messages.committed();
      this.#rowsBefore.clear();
      return { calls: kept, lost: 0, unkept, failure: null };
    } catch (error) {
      if (this.#database.inTransaction) this.#rollback.run();
      this.#forget();
      const lost = this.#loseEntries(new SlabReader(memory, length));
      this.#recording.addLost(lost);
      const failure = error instanceof Error ? error.message : String(error);
      return { calls: 0, lost, unkept: 0, failure };
    }
  }

  close(): void {
    this.#recording.end();
    this.#database.close();
  }

  #writeEntries(slab: SlabReader): { kept: number; unkept: number } {
    let [kept, unkept] = [0, 0];
    while (!slab.done) {
      const kind = slab.byte();
      const number = slab.count();
      if (kind === ENTRY.message) {
        this.#writeMessage(number, unpackMessage(slab));
        continue;
      }
      const isFinished = kind === ENTRY.finished;
      const isKept = this.#writeCall(number, unpackDraft(slab), isFinished);
      if (isFinished && isKept) kept += 1;
      if (isFinished && !isKept) unkept += 1;
    }
    return { kept, unkept };
  }

  /** A call that its end may still exclude is not shown before: what shows stays. */
  #isKept(draft: CallDraft, isFinished: boolean): boolean {
    if (this.#rule === null) return true;
    const head = this.#sink.head(draft);
    return isFinished ? this.#rule.keeps(head) : this.#rule.willKeep(head);
  }

  /** Whether the call is on the tape now. */
  #writeCall(number: number, draft: CallDraft, isFinished: boolean): boolean {
    const known = this.#pendingRows.get(number);
    if (known === undefined && !this.#isKept(draft, isFinished)) {
      if (isFinished) this.#messages.leaveOut(number);
      return false;
    }
    if (known !== undefined) this.#sink.amend(known, draft);
    const row = known ?? this.#sink.insert(draft);
    if (number === 0) return true;
    this.#noteRow(number, isFinished ? undefined : row);
    if (isFinished) this.#messages.end(number, row);
    else if (draft.response?.status === SWITCHING_PROTOCOLS) this.#messages.begin(number, row);
    return true;
  }

  #writeMessage(number: number, message: DraftMessage): void {
    const row = this.#pendingRows.get(number);
    if (row === undefined) this.#messages.lose(number, message);
    else this.#messages.put(number, row, message);
  }

  #noteRow(number: number, row: number | undefined): void {
    if (!this.#rowsBefore.has(number)) {
      this.#rowsBefore.set(number, this.#pendingRows.get(number));
    }
    if (row === undefined) this.#pendingRows.delete(number);
    else this.#pendingRows.set(number, row);
  }

  /** Takes back what a transaction that was rolled back has changed in memory. */
  #forget(): void {
    this.#sink.forget();
    this.#messages.forget();
    for (const [number, row] of this.#rowsBefore) {
      if (row === undefined) this.#pendingRows.delete(number);
      else this.#pendingRows.set(number, row);
    }
    this.#rowsBefore.clear();
  }

  #loseEntries(slab: SlabReader): number {
    let finished = 0;
    while (!slab.done) {
      const kind = slab.byte();
      const number = slab.count();
      if (kind === ENTRY.message) this.#messages.lose(number, unpackMessage(slab));
      else unpackDraft(slab);
      if (kind === ENTRY.finished) finished += 1;
    }
    return finished;
  }
}

function refusal(error: unknown): FromThread {
  const known = error instanceof TapeError;
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'refused', code: known ? error.code : 'TAPE_UNWRITABLE', message };
}

function serve(port: MessagePort, start: ThreadStart): void {
  let thread: WriterThread;
  try {
    thread = new WriterThread(start);
  } catch (error) {
    port.postMessage(refusal(error));
    port.close();
    return;
  }
  const answer = (message: FromThread, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  port.on('message', (message: ToThread) => {
    switch (message.kind) {
      case 'batch': {
        const { memory, length } = message;
        const written = thread.write(memory, length);
        answer({ kind: 'written', memory, length, ...written }, [memory]);
        break;
      }
      case 'listening':
        thread.listening(message.url);
        break;
      case 'close':
        thread.close();
        answer({ kind: 'closed' });
        port.close();
        break;
    }
  });
  answer({ kind: 'ready', recordingId: thread.recordingId });
}

const threadStart: ThreadStart = workerData;
if (parentPort !== null) serve(parentPort, threadStart);
