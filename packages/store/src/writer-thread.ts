import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type Database from 'better-sqlite3';
import { BatchWriter } from './batch-writer.ts';
import { CallSink } from './call-sink.ts';
import { isBusy, openForWriting } from './database.ts';
import { KeepRule } from './keep-rule.ts';
import { MessageSink } from './message-sink.ts';
import { TapeError } from './errors.ts';
import { markInterrupted, RecordingRow } from './recording-row.ts';
import { PlaceholderLedger } from './placeholder-ledger.ts';
import { createRedactor } from './redact.ts';
import { parseRedactRules } from './redact-rules.ts';
import { loadSecretKey } from './secret-key.ts';
import { SpillFile } from './spill-file.ts';
import { TapeCare } from './tape-care.ts';
import { slabLength } from './writer-messages.ts';
import type { FromThread, Slab, ThreadStart, ToThread, Written } from './writer-messages.ts';

/** Another program's lock is asked for again after so long, ms; less often once it lasts. */
const ASK_AGAIN_MS = 1;
const ASK_SELDOM_MS = 10;
const LONG_WAIT_MS = 2000;
/** The end of a recording waits for another program's lock no longer than this, ms. */
const LAST_WAIT_MS = 10_000;
/** Uninterrupted work after which others get their turn at the tape, ms, and how long that is. */
const MAX_TURN_MS = 50;
const REST_MS = 2;

/** So much of what has piled up is written in one transaction, bytes. */
const MAX_TRANSACTION_BYTES = 1024 * 1024;

const LOCKED = 'another program keeps the tape locked';

/** The thread behind a TapeWriter: takes slabs, writes one transaction for each. */
class WriterThread {
  readonly recordingId: number;
  readonly #port: MessagePort;
  readonly #database: Database.Database;
  readonly #recording: RecordingRow;
  readonly #batches: BatchWriter;
  readonly #care: TapeCare;
  readonly #spill: SpillFile;
  readonly #queue: ToThread[] = [];
  #timer: NodeJS.Timeout | null = null;
  #lockedSince: number | null = null;
  #toldOfLock = false;
  #giveUpAt = Number.POSITIVE_INFINITY;
  #workedMs = 0;
  #restedAt = 0;

  constructor(port: MessagePort, start: ThreadStart) {
    this.#port = port;
    const key = start.redaction === null ? null : loadSecretKey();
    const rules = parseRedactRules(start.redaction?.rules ?? []);
    this.#database = openForWriting(start.file);
    const placeholders = new PlaceholderLedger(this.#database);
    const onPlaceholder = (issued: string): void => placeholders.note(issued);
    const redactor = key === null ? null : createRedactor(key, { rules, onPlaceholder });
    if (start.durable) this.#database.pragma('synchronous = FULL');
    markInterrupted(this.#database);
    this.#recording = new RecordingRow(this.#database, start, redactor);
    this.recordingId = this.#recording.id;
    const sink = new CallSink(this.#database, this.recordingId, redactor);
    this.#spill = new SpillFile(`${start.file}-spill-${process.pid}-${this.recordingId}`);
    const messages = new MessageSink(this.#database, redactor);
    const { filters } = start;
    const rule = filters === null ? null : new KeepRule(this.#database, filters, start.recording);
    this.#batches = new BatchWriter(this.#database, {
      rule,
      sink,
      messages,
      placeholders,
      recording: this.#recording,
      spill: this.#spill,
    });
    // From here on this thread waits by itself: inside SQLite it would sleep past its turns.
    this.#database.pragma('busy_timeout = 0');
    this.#care = new TapeCare(this.#database, start.keep, () => this.#queue.length > 0);
    port.on('message', (message: ToThread) => this.#take(message));
  }

  #take(first: ToThread): void {
    this.#enqueue(first);
    for (;;) {
      const next: { message: ToThread } | undefined = receiveMessageOnPort(this.#port);
      if (next === undefined) break;
      this.#enqueue(next.message);
    }
    if (this.#timer === null) this.#work();
  }

  #enqueue(message: ToThread): void {
    if (message.kind === 'close') this.#giveUpAt = performance.now() + LAST_WAIT_MS;
    if (message.kind === 'spill') {
      this.#putAside(message);
      return;
    }
    this.#queue.push(message);
  }

  /** At once, whoever holds the tape: what is put aside comes before the call that it belongs to. */
  #putAside({ number, bytes }: Extract<ToThread, { kind: 'spill' }>): void {
    const { length } = bytes;
    this.#spill.add(number, bytes);
    bytes.buffer.transfer(0);
    this.#answer({ kind: 'spilled', length });
  }

  #work(): void {
    for (;;) {
      const message = this.#queue[0];
      if (message === undefined) return;
      const startedAt = performance.now();
      try {
        this.#handle(message);
      } catch (error) {
        if (!isBusy(error)) throw error;
        this.#waitForLock(startedAt);
        return;
      }
      this.#lockedSince = null;
      this.#queue.shift();
      if (this.#isTurnOver(startedAt)) {
        this.#later(REST_MS);
        return;
      }
    }
  }

  #later(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#work();
    }, ms);
  }

  #waitForLock(now: number): void {
    this.#lockedSince ??= now;
    const waited = now - this.#lockedSince;
    if (waited > LONG_WAIT_MS && !this.#toldOfLock) {
      this.#toldOfLock = true;
      this.#answer({ kind: 'waiting' });
    }
    this.#later(waited > LONG_WAIT_MS ? ASK_SELDOM_MS : ASK_AGAIN_MS);
  }

  /** Two recorders on one tape: the busier one leaves gaps that the other finds. */
  #isTurnOver(startedAt: number): boolean {
    const now = performance.now();
    if (startedAt - this.#restedAt > REST_MS) this.#workedMs = 0;
    this.#workedMs += now - startedAt;
    this.#restedAt = now;
    if (this.#workedMs < MAX_TURN_MS) return false;
    this.#workedMs = 0;
    return true;
  }

  #handle(message: ToThread): void {
    switch (message.kind) {
      case 'batch':
        this.#write();
        break;
      case 'spill':
        break;
      case 'forget':
        for (const number of message.numbers) this.#spill.remove(number);
        break;
      case 'lost':
        this.#batches.lose(message.calls);
        break;
      case 'listening':
        this.#batches.listening(message.url);
        this.#batches.settle();
        break;
      case 'close':
        this.#close();
        break;
    }
  }

  /** Batches that have piled up share a transaction, and with it the cost of one. */
  #write(): void {
    const slabs = this.#batchesAhead();
    const written = this.#orGiveUp(
      () => this.#batches.write(slabs),
      () => this.#batches.giveUp(slabs, LOCKED),
    );
    // The message that is being handled goes from the queue like any other.
    this.#queue.splice(1, slabs.length - 1);
    this.#care.wrote();
    this.#toldOfLock = false;
    for (const memory of slabs.flatMap(({ moved }) => moved)) memory.transfer(0);
    const memory = slabs.map((slab) => slab.memory);
    this.#answer({ kind: 'written', slabs: memory, written }, memory);
  }

  #batchesAhead(): Slab[] {
    const slabs: Slab[] = [];
    let bytes = 0;
    for (const message of this.#queue) {
      if (message.kind !== 'batch' || bytes >= MAX_TRANSACTION_BYTES) break;
      slabs.push(message.slab);
      bytes += slabLength(message.slab);
    }
    return slabs;
  }

  #close(): void {
    this.#care.stop();
    const written = this.#orGiveUp<Written>(
      () => this.#batches.settle(() => this.#recording.end()),
      () => ({ calls: 0, lost: 0, unkept: 0, dropped: 0, problem: LOCKED, failed: true }),
    );
    this.#database.close();
    this.#spill.close();
    const lost = written.lost + this.#batches.abandon();
    this.#answer({ kind: 'closed', written: { ...written, lost } });
    this.#port.close();
  }

  #orGiveUp<T>(act: () => T, giveUp: () => T): T {
    try {
      return act();
    } catch (error) {
      if (performance.now() < this.#giveUpAt) throw error;
      return giveUp();
    }
  }

  #answer(message: FromThread, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
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
    thread = new WriterThread(port, start);
  } catch (error) {
    port.postMessage(refusal(error));
    port.close();
    return;
  }
  port.postMessage({ kind: 'ready', recordingId: thread.recordingId } satisfies FromThread);
}

const threadStart: ThreadStart = workerData;
if (parentPort !== null) serve(parentPort, threadStart);
