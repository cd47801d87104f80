import { Worker } from 'node:worker_threads';
import type { CallDraft, DraftBody } from './draft.ts';
import { TapeError } from './errors.ts';
import type { Source } from './exchange.ts';
import { checkKeepFilters, type KeepFilters } from './keep-rule.ts';
import type { DraftMessage } from './message.ts';
import { Outbox } from './outbox.ts';
import type { OnKept } from './batch.ts';
import type { FromThread, Retention, ThreadStart } from './writer-messages.ts';
import { YoungCalls } from './young-calls.ts';

const TICK_MS = 20;
const DEFAULT_PENDING_AFTER_MS = 250;
const DEFAULT_MAX_QUEUED_BYTES = 64 * 1024 * 1024;

/** What a new recording is called and where it comes from. */
export interface RecordingStart {
  readonly name: string;
  readonly source: Source;
  /** The one origin recorded, where there is one. */
  readonly upstream?: string | null;
  readonly listen?: string | null;
  /** The command line whose calls are recorded, where there is one; stored as it is given. */
  readonly command?: string | null;
}

export interface WriterOptions {
  /** Replace secrets in the stored copy by placeholders. Default true. */
  readonly redact?: boolean;
  /** What to replace besides, as for `parseRedactRules`. Default none. */
  readonly redactRules?: readonly string[];
  /** A call that lasts longer than this shows on the tape as pending, ms. Default 250. */
  readonly pendingAfterMs?: number;
  /** Bytes that may wait for the disk before the writer calls itself full. Default 64 MiB. */
  readonly maxQueuedBytes?: number;
  /**
   * What to do beyond that. `block`, the default: the writer calls itself full, and whoever feeds it
   * waits. `drop`: it never does; bodies are given up first, then calls, and both are counted.
   */
  readonly onOverflow?: 'block' | 'drop';
  /** {@link TapeWriter.finish} calls back when the call is on the disk. Default false. */
  readonly durable?: boolean;
  /** How much of the tape to keep; by default all of it. */
  readonly keep?: Retention;
  /** Which calls to keep; the others pass and are only counted. Default all. */
  readonly filters?: KeepFilters;
}

export interface WriterStats {
  readonly writtenCalls: number;
  /** Calls that are not on the tape and never will be. */
  readonly lostCalls: number;
  /** Calls that `filters` left out. */
  readonly unkeptCalls: number;
  /** Bodies given up of calls that are on the tape. */
  readonly droppedBodies: number;
  readonly queuedBytes: number;
  /** Why the last write failed; null while the tape takes calls. */
  readonly failure: string | null;
  /** Why something was lost the last time that something was. */
  readonly problem: string | null;
  /** Another program keeps the tape locked, for some seconds already; calls wait. */
  readonly locked: boolean;
}

/** The writing side of a tape: takes calls at once, writes them from a thread of its own. */
export interface TapeWriter {
  readonly file: string;
  readonly recordingId: number;
  /** A call has started. It becomes visible as `pending` when it takes long. */
  begin(draft: CallDraft): void;
  /**
   * A call has ended: its outcome is final. Copies what it needs before it returns.
   *
   * @param onKept - Told when the call is on the disk or lost for good; by a writer that is not
   *   durable at once.
   */
  finish(draft: CallDraft, onKept?: OnKept): void;
  /** Puts a call that goes on onto the tape as it is now. Calls back like {@link finish}. */
  keep(draft: CallDraft, onKept: OnKept): void;
  /** The same without a word on what became of it. */
  show(draft: CallDraft): void;
  /** A WebSocket message has passed. Its call has been shown. Copies what it needs before it returns. */
  message(draft: CallDraft, message: DraftMessage): void;
  /** Takes the pieces of a body of a call under way out of memory, when calls hold a lot of it. */
  spill(body: DraftBody): void;
  /** Whether {@link finish} calls back only when the call is on the disk. */
  readonly durable: boolean;
  /** More bytes wait for the disk than is allowed: stop reading from sockets. */
  readonly full: boolean;
  /** Something could not be kept, or the tape takes nothing now. */
  readonly losing: boolean;
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
  readonly durable: boolean;
  readonly #outbox: Outbox;
  readonly #pendingAfterMs: number;
  readonly #young = new YoungCalls();
  readonly #announced = new Map<CallDraft, number>();
  #lastNumber = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(worker: Worker, file: string, recordingId: number, options: WriterOptions) {
    this.file = file;
    this.recordingId = recordingId;
    this.durable = options.durable ?? false;
    this.#pendingAfterMs = options.pendingAfterMs ?? DEFAULT_PENDING_AFTER_MS;
    this.#outbox = new Outbox(worker, {
      maxQueuedBytes: options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES,
      drop: options.onOverflow === 'drop',
      durable: this.durable,
    });
  }

  get full(): boolean {
    return this.#outbox.full;
  }

  get losing(): boolean {
    const { failure, lostCalls, droppedBodies } = this.#outbox;
    return failure !== null || lostCalls > 0 || droppedBodies > 0;
  }

  get stats(): WriterStats {
    const { writtenCalls, lostCalls, unkeptCalls, droppedBodies, queuedBytes } = this.#outbox;
    const { failure, problem, locked } = this.#outbox;
    return {
      writtenCalls,
      lostCalls,
      unkeptCalls,
      droppedBodies,
      queuedBytes,
      failure,
      problem,
      locked,
    };
  }

  begin(draft: CallDraft): void {
    this.#young.add(draft);
    this.#arm();
  }

  finish(draft: CallDraft, onKept: OnKept | null = null): void {
    const number = this.#announced.get(draft) ?? 0;
    if (number === 0) this.#young.delete(draft);
    else this.#announced.delete(draft);
    this.#outbox.finished(number, draft, onKept);
    this.#arm();
  }

  keep(draft: CallDraft, onKept: OnKept): void {
    this.#outbox.pending(this.#announce(draft), draft, onKept);
    this.#arm();
  }

  show(draft: CallDraft): void {
    this.#outbox.pending(this.#announce(draft), draft);
    this.#arm();
  }

  message(draft: CallDraft, message: DraftMessage): void {
    this.#outbox.message(this.#announced.get(draft) ?? 0, message);
    this.#arm();
  }

  spill(body: DraftBody): void {
    this.#outbox.spill(body);
  }

  onceDrained(resume: () => void): void {
    this.#outbox.onceDrained(resume);
  }

  listening(url: string): void {
    this.#outbox.post({ kind: 'listening', url });
  }

  async flush(): Promise<void> {
    await this.#outbox.flush();
  }

  async close(): Promise<void> {
    for (const draft of [...this.#young.all(), ...this.#announced.keys()]) {
      draft.outcome = 'interrupted';
      draft.errorType = 'RECORDER_STOPPED';
      draft.errorMessage = 'The recorder was stopped before the call ended.';
      this.finish(draft);
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#outbox.close();
  }

  #arm(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#outbox.hasRoom) this.#announceOld();
      this.#outbox.sendWhenDue();
      if (this.#young.size > 0 || this.#outbox.holdsBack) this.#arm();
    }, TICK_MS);
  }

  #announceOld(): void {
    if (this.#young.size === 0) return;
    for (const draft of this.#young.startedBefore(Date.now() - this.#pendingAfterMs)) {
      const head = { ...draft, body: { pieces: [], size: 0, hash: null }, response: null };
      this.#outbox.pending(this.#announce(draft), head);
    }
  }

  #announce(draft: CallDraft): number {
    const known = this.#announced.get(draft);
    if (known !== undefined) return known;
    this.#young.delete(draft);
    this.#lastNumber = (this.#lastNumber % 0xffffffff) + 1;
    this.#announced.set(draft, this.#lastNumber);
    return this.#lastNumber;
  }
}

/** The thread's own file: TypeScript when run from source, JavaScript when built. */
function threadFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./writer-thread.${extension}`, import.meta.url);
}

function checkedFilters(filters: KeepFilters | undefined): KeepFilters | null {
  if (filters === undefined || (filters.only.length === 0 && filters.skip.length === 0))
    return null;
  checkKeepFilters(filters);
  return filters;
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
 *   filter cannot be read.
 */
export async function openWriter(
  file: string,
  recording: RecordingStart,
  options: WriterOptions = {},
): Promise<TapeWriter> {
  const { name, source, upstream = null, listen = null, command = null } = recording;
  const start: ThreadStart = {
    file,
    recording: { name, source, upstream, listen, command },
    redaction: options.redact === false ? null : { rules: options.redactRules ?? [] },
    durable: options.durable ?? false,
    keep: options.keep ?? {},
    filters: checkedFilters(options.filters),
  };
  const worker = new Worker(threadFile(), { workerData: start, name: 'calltape-writer' });
  const message = await firstMessage(worker);
  if (message.kind === 'refused') throw new TapeError(message.code, message.message);
  if (message.kind !== 'ready') throw new Error(`unexpected first message "${message.kind}"`);
  return new ThreadedWriter(worker, file, message.recordingId, options);
}
