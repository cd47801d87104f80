import { Worker } from 'node:worker_threads';
import { draftRoom, packDraft } from './draft-codec.ts';
import type { CallDraft } from './draft.ts';
import { TapeError } from './errors.ts';
import type { Source } from './exchange.ts';
import { checkKeepFilters, type KeepFilters } from './keep-rule.ts';
import { messageRoom, packMessage } from './message-codec.ts';
import type { DraftMessage } from './message.ts';
import { SlabWriter } from './slab.ts';
import { ENTRY } from './writer-messages.ts';
import type { FromThread, ThreadStart, ToThread } from './writer-messages.ts';

const SLAB_BYTES = 256 * 1024;
const SPARE_SLABS = 8;
const MAX_BATCH_CALLS = 500;
const TICK_MS = 20;
const DEFAULT_PENDING_AFTER_MS = 250;
const DEFAULT_MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** The entry's kind and call number, in front of the draft. */
const ENTRY_HEAD_BYTES = 5;

const ALL: KeepFilters = { only: [], skip: [] };

/** What a new recording is called and where it comes from. */
export interface RecordingStart {
  readonly name: string;
  readonly source: Source;
  /** The one origin recorded, where there is one. */
  readonly upstream?: string | null;
  readonly listen?: string | null;
}

export interface WriterOptions {
  /** Replace secrets in the stored copy by placeholders. Default true. */
  readonly redact?: boolean;
  /** Which calls to keep; the others pass and are only counted. Default all. */
  readonly keep?: KeepFilters;
  /** A call that lasts longer than this shows on the tape as pending, ms. Default 250. */
  readonly pendingAfterMs?: number;
  /** Bytes that may wait for the disk before the writer calls itself full. Default 64 MiB. */
  readonly maxQueuedBytes?: number;
}

export interface WriterStats {
  readonly writtenCalls: number;
  readonly lostCalls: number;
  /** Calls that `keep` left out. */
  readonly unkeptCalls: number;
  readonly queuedBytes: number;
  /** Why the last write failed; null while the tape takes everything. */
  readonly failure: string | null;
}

/** The writing side of a tape: takes calls at once, writes them from a thread of its own. */
export interface TapeWriter {
  readonly file: string;
  readonly recordingId: number;
  /** A call has started. It becomes visible as `pending` when it takes long. */
  begin(draft: CallDraft): void;
  /** A call has ended: its outcome is final. Copies what it needs before it returns. */
  finish(draft: CallDraft): void;
  /** Shows a call that goes on at once, with the head of its response; its bodies follow at its end. */
  show(draft: CallDraft): void;
  /** A WebSocket message has passed. Its call has been shown. Copies what it needs before it returns. */
  message(draft: CallDraft, message: DraftMessage): void;
  /** More bytes wait for the disk than is allowed: stop reading from sockets. */
  readonly full: boolean;
  /** Calls back once reading may go on; at once when it may already. */
  onceDrained(resume: () => void): void;
  readonly stats: WriterStats;
  /** Notes on the tape where the recorder accepts connections. */
  listening(url: string): void;
  /** Resolves when every call finished so far is on the tape, or counted as lost. */
  flush(): Promise<void>;
  /** Ends the recording. Calls still open are written as `interrupted`. */
  close(): Promise<void>;
}

class ThreadedWriter implements TapeWriter {
  readonly file: string;
  readonly recordingId: number;
  readonly #worker: Worker;
  readonly #pendingAfterMs: number;
  readonly #maxQueuedBytes: number;
  readonly #young = new Set<CallDraft>();
  readonly #announced = new Map<CallDraft, number>();
  readonly #spare: ArrayBuffer[] = [];
  #slab: SlabWriter | null = null;
  #slabCalls = 0;
  #lastNumber = 0;
  #timer: NodeJS.Timeout | null = null;
  #queuedBytes = 0;
  #batchesOut = 0;
  #callsOut = 0;
  #writtenCalls = 0;
  #lostCalls = 0;
  #unkeptCalls = 0;
  #failure: string | null = null;
  #dead = false;
  #drainWaiters: (() => void)[] = [];
  #flushWaiters: (() => void)[] = [];
  #onClosed: (() => void) | null = null;

  constructor(worker: Worker, file: string, recordingId: number, options: WriterOptions) {
    this.#worker = worker;
    this.file = file;
    this.recordingId = recordingId;
    this.#pendingAfterMs = options.pendingAfterMs ?? DEFAULT_PENDING_AFTER_MS;
    this.#maxQueuedBytes = options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES;
    worker.on('message', (message: FromThread) => this.#receive(message));
    worker.on('error', (error: Error) => this.#die(error.message));
    worker.on('exit', () => this.#die('The writer thread ended.'));
  }

  get full(): boolean {
    return this.#queuedBytes > this.#maxQueuedBytes;
  }

  get stats(): WriterStats {
    return {
      writtenCalls: this.#writtenCalls,
      lostCalls: this.#lostCalls,
      unkeptCalls: this.#unkeptCalls,
      queuedBytes: this.#queuedBytes,
      failure: this.#failure,
    };
  }

  begin(draft: CallDraft): void {
    this.#young.add(draft);
    this.#arm();
  }

  finish(draft: CallDraft): void {
    const number = this.#announced.get(draft) ?? 0;
    if (number === 0) this.#young.delete(draft);
    else this.#announced.delete(draft);
    this.#pack(ENTRY.finished, number, draft);
    this.#slabCalls += 1;
    if (this.#slabCalls >= MAX_BATCH_CALLS) this.#send();
    else this.#arm();
  }

  show(draft: CallDraft): void {
    this.#announce(draft, draft.response);
    this.#arm();
  }

  message(draft: CallDraft, message: DraftMessage): void {
    const room = messageRoom(message) + ENTRY_HEAD_BYTES;
    const slab = this.#slabFor(room);
    slab.byte(ENTRY.message);
    slab.count(this.#announced.get(draft) ?? 0);
    packMessage(slab, message);
    this.#arm();
  }

  onceDrained(resume: () => void): void {
    if (this.full) this.#drainWaiters.push(resume);
    else resume();
  }

  listening(url: string): void {
    this.#post({ kind: 'listening', url });
  }

  async flush(): Promise<void> {
    this.#send();
    if (this.#batchesOut === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#flushWaiters.push(resolve);
    await promise;
  }

  async close(): Promise<void> {
    for (const draft of [...this.#young, ...this.#announced.keys()]) {
      draft.outcome = 'interrupted';
      draft.errorType = 'RECORDER_STOPPED';
      draft.errorMessage = 'The recorder was stopped before the call ended.';
      this.finish(draft);
    }
    await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#dead) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onClosed = resolve;
    this.#post({ kind: 'close' });
    await promise;
  }

  #arm(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#announceOld();
      this.#send();
      if (this.#young.size > 0) this.#arm();
    }, TICK_MS);
  }

  /** Young calls are in order of their start, so the first that is young enough ends the search. */
  #announceOld(): void {
    const before = Date.now() - this.#pendingAfterMs;
    for (const draft of this.#young) {
      if (draft.startedAt > before) return;
      this.#announce(draft, null);
    }
  }

  #announce(draft: CallDraft, response: CallDraft['response']): void {
    this.#young.delete(draft);
    const number = this.#announced.get(draft) ?? (this.#lastNumber % 0xffffffff) + 1;
    if (!this.#announced.has(draft)) this.#lastNumber = number;
    this.#announced.set(draft, number);
    const body = { pieces: [], size: 0, hash: null };
    const head = { ...draft, body, response: response === null ? null : { ...response, body } };
    this.#pack(ENTRY.pending, number, head);
  }

  #pack(kind: number, number: number, draft: CallDraft): void {
    const slab = this.#slabFor(draftRoom(draft) + ENTRY_HEAD_BYTES);
    slab.byte(kind);
    slab.count(number);
    packDraft(slab, draft);
  }

  #slabFor(room: number): SlabWriter {
    if (this.#slab !== null && this.#slab.room < room) this.#send();
    this.#slab ??= this.#newSlab(room);
    return this.#slab;
  }

  #newSlab(room: number): SlabWriter {
    if (room > SLAB_BYTES) return new SlabWriter(room);
    const spare = this.#spare.pop();
    return new SlabWriter(spare ?? SLAB_BYTES);
  }

  #send(): void {
    const slab = this.#slab;
    if (slab === null) return;
    const calls = this.#slabCalls;
    this.#slab = null;
    this.#slabCalls = 0;
    if (this.#dead) {
      this.#lostCalls += calls;
      return;
    }
    const { memory, length } = slab;
    this.#queuedBytes += length;
    this.#batchesOut += 1;
    this.#callsOut += calls;
    this.#post({ kind: 'batch', memory, length }, [memory]);
  }

  #post(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(message: FromThread): void {
    if (message.kind === 'closed') this.#onClosed?.();
    if (message.kind !== 'written') return;
    this.#queuedBytes -= message.length;
    this.#batchesOut -= 1;
    this.#callsOut -= message.calls + message.lost + message.unkept;
    this.#writtenCalls += message.calls;
    this.#lostCalls += message.lost;
    this.#unkeptCalls += message.unkept;
    this.#failure = message.failure;
    if (this.#spare.length < SPARE_SLABS && message.memory.byteLength === SLAB_BYTES) {
      this.#spare.push(message.memory);
    }
    this.#wake();
  }

  #wake(): void {
    if (!this.full) {
      const resumed = this.#drainWaiters;
      this.#drainWaiters = [];
      for (const resume of resumed) resume();
    }
    if (this.#batchesOut > 0) return;
    const flushed = this.#flushWaiters;
    this.#flushWaiters = [];
    for (const resolve of flushed) resolve();
  }

  /** The thread is gone: nothing waits for it any more, and what comes is counted as lost. */
  #die(reason: string): void {
    this.#dead = true;
    this.#failure ??= reason;
    this.#lostCalls += this.#callsOut;
    this.#callsOut = 0;
    this.#queuedBytes = 0;
    this.#batchesOut = 0;
    this.#onClosed?.();
    this.#wake();
  }
}

/** The thread's own file: TypeScript when run from source, JavaScript when built. */
function threadFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./writer-thread.${extension}`, import.meta.url);
}

async function firstMessage(worker: Worker): Promise<FromThread> {
  const { promise, resolve, reject } = Promise.withResolvers<FromThread>();
  worker.once('message', resolve);
  worker.once('error', reject);
  try {
    return await promise;
  } finally {
    worker.off('error', reject);
  }
}

/**
 * Opens a tape for recording, making or migrating it where needed, and starts a recording on it.
 * Rows of recorders that died become `interrupted`.
 *
 * @throws TapeError when the file is something else, newer, damaged or not writable, or when a
 *   filter of `keep` cannot be read.
 */
export async function openWriter(
  file: string,
  recording: RecordingStart,
  options: WriterOptions = {},
): Promise<TapeWriter> {
  const { name, source, upstream = null, listen = null } = recording;
  const { keep = ALL } = options;
  checkKeepFilters(keep);
  const start: ThreadStart = {
    file,
    recording: { name, source, upstream, listen },
    redact: options.redact ?? true,
    keep: keep.only.length === 0 && keep.skip.length === 0 ? null : keep,
  };
  const worker = new Worker(threadFile(), { workerData: start, name: 'calltape-writer' });
  const message = await firstMessage(worker);
  if (message.kind === 'refused') throw new TapeError(message.code, message.message);
  if (message.kind !== 'ready') throw new Error(`unexpected first message "${message.kind}"`);
  return new ThreadedWriter(worker, file, message.recordingId, options);
}
