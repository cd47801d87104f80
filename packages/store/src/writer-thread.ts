import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type Database from 'better-sqlite3';
import { CallSink } from './call-sink.ts';
import { openForWriting } from './database.ts';
import { unpackDraft } from './draft-codec.ts';
import type { CallDraft } from './draft.ts';
import { TapeError } from './errors.ts';
import { KeepRule } from './keep-rule.ts';
import { markInterrupted, RecordingRow } from './recording-row.ts';
import { createRedactor } from './redact.ts';
import { loadSecretKey } from './secret-key.ts';
import { SlabReader } from './slab.ts';
import { ENTRY } from './writer-messages.ts';
import type { FromThread, ThreadStart, ToThread } from './writer-messages.ts';

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
  readonly #recording: RecordingRow;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  /** Rows of calls that were written as pending, by the number their owner gave them. */
  readonly #pendingRows = new Map<number, number>();

  constructor(start: ThreadStart) {
    const redactor = start.redact ? createRedactor(loadSecretKey()) : null;
    this.#database = openForWriting(start.file);
    markInterrupted(this.#database);
    this.#recording = new RecordingRow(this.#database, start);
    this.#sink = new CallSink(this.#database, this.#recording.id, redactor);
    this.#rule =
      start.keep === null ? null : new KeepRule(this.#database, start.keep, start.recording);
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
      this.#commit.run();
      return { calls: kept, lost: 0, unkept, failure: null };
    } catch (error) {
      if (this.#database.inTransaction) this.#rollback.run();
      this.#sink.forget();
      const lost = countFinished(new SlabReader(memory, length));
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
      const isFinished = slab.byte() === ENTRY.finished;
      const number = slab.count();
      const draft = unpackDraft(slab);
      const row = this.#pendingRows.get(number);
      if (row === undefined) {
        const isKept = this.#isKept(draft, isFinished);
        const id = isKept ? this.#sink.insert(draft) : 0;
        if (isKept && !isFinished) this.#pendingRows.set(number, id);
        if (isFinished && !isKept) unkept += 1;
        if (isFinished && isKept) kept += 1;
      } else {
        this.#sink.amend(row, draft);
        this.#pendingRows.delete(number);
        kept += 1;
      }
    }
    return { kept, unkept };
  }

  /** A call that its end may still exclude is not shown before: what shows stays. */
  #isKept(draft: CallDraft, isFinished: boolean): boolean {
    if (this.#rule === null) return true;
    const head = this.#sink.head(draft);
    return isFinished ? this.#rule.keeps(head) : this.#rule.willKeep(head);
  }
}

function countFinished(slab: SlabReader): number {
  let finished = 0;
  while (!slab.done) {
    if (slab.byte() === ENTRY.finished) finished += 1;
    slab.count();
    unpackDraft(slab);
  }
  return finished;
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
