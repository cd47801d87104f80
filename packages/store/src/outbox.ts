import type { Worker } from 'node:worker_threads';
import type { Batch, OnKept } from './batch.ts';
import { countDropped, droppedOf, withoutBodies } from './bodiless.ts';
import { draftRoom, keptWhole, movedLength } from './draft-codec.ts';
import type { CallDraft, DraftBody } from './draft.ts';
import { messageRoom } from './message-codec.ts';
import type { DraftMessage } from './message.ts';
import { finishedCall, messageEntry, pendingCall } from './pack-entry.ts';
import type { PackedEntry } from './pack-entry.ts';
import { piecesToSend } from './pieces-to-send.ts';
import { SlabWriter } from './slab.ts';
import { slabLength } from './writer-messages.ts';
import type { FromThread, ToThread, Written } from './writer-messages.ts';

/** Room for what comes in a tick under load, so that a tick is one message and one transaction. */
const SLAB_BYTES = 1024 * 1024;
const SPARE_SLABS = 4;
const MAX_BATCH_CALLS = 500;
/** With so many batches under way, slabs are filled before they follow. */
const BATCHES_AHEAD = 4;
/** The part of the queue that bodies may fill; the rest is for the rows of their calls. */
const BODIES_PART = 7 / 8;

const SLOW = 'the disk did not keep up';

export interface OutboxOptions {
  readonly maxQueuedBytes: number;
  /** Give up bodies, then calls, rather than let anybody wait. */
  readonly drop: boolean;
  /** Callbacks wait until their calls are on the disk. */
  readonly durable: boolean;
}

/** What is on its way to the writer's thread, packed into slabs, and what became of it. */
export class Outbox {
  readonly #worker: Worker;
  readonly #options: OutboxOptions;
  readonly #spare: ArrayBuffer[] = [];
  readonly #out: Batch[] = [];
  #slab: SlabWriter | null = null;
  #slabCalls = 0;
  #slabDropped = 0;
  /** Bodies given up of calls that are on their way. */
  #droppedOnTheWay = 0;
  #droppedOnTape = 0;
  #waiting: OnKept[] = [];
  #lostUntold = 0;
  #lastSpilled = 0;
  #drainWaiters: (() => void)[] = [];
  #flushWaiters: (() => void)[] = [];
  #onClosed: (() => void) | null = null;
  #dead = false;
  #sendsSoon = false;
  writtenCalls = 0;
  lostCalls = 0;
  unkeptCalls = 0;
  queuedBytes = 0;
  failure: string | null = null;
  problem: string | null = null;
  locked = false;

  constructor(worker: Worker, options: OutboxOptions) {
    this.#worker = worker;
    this.#options = options;
    worker.on('message', (message: FromThread) => this.#receive(message));
    worker.on('error', (error: Error) => this.#die(error.message));
    worker.on('exit', () => this.#die('the writer thread ended'));
  }

  get droppedBodies(): number {
    return this.#droppedOnTape + this.#droppedOnTheWay;
  }

  get full(): boolean {
    return !this.#options.drop && this.queuedBytes > this.#options.maxQueuedBytes;
  }

  onceDrained(resume: () => void): void {
    if (this.full) this.#drainWaiters.push(resume);
    else resume();
  }

  /** Takes the end of a call, whole or as much of it as there is room for. */
  finished(number: number, draft: CallDraft, onKept: OnKept | null): void {
    const kept = this.#options.drop ? this.#fitting(draft, number !== 0) : draft;
    if (kept !== draft) this.#forget(draft);
    if (kept === null || !this.#pack(finishedCall(number, kept))) {
      this.#lose();
      onKept?.(false);
      return;
    }
    this.#slabCalls += 1;
    if (kept !== draft) this.#noteDropped(kept);
    this.#callBack(onKept);
    if (this.#slabCalls >= MAX_BATCH_CALLS) this.sendWhenDue();
  }

  /** Puts what there is of a body aside, in a file, so that it takes no memory. */
  spill(body: DraftBody): void {
    body.spilled ??= 0;
    if (body.spilled === 0) body.spilled = this.#lastSpilled += 1;
    for (const bytes of piecesToSend(body)) {
      this.queuedBytes += bytes.length;
      this.post({ kind: 'spill', number: body.spilled, bytes }, [bytes.buffer]);
    }
  }

  /** Takes a call that is still under way. */
  pending(number: number, draft: CallDraft, onKept: OnKept | null = null): void {
    this.#pack(pendingCall(number, keptWhole(draft)));
    this.#callBack(onKept);
  }

  /** Takes a WebSocket message, or no more than the count of it where there is no room. */
  message(number: number, message: DraftMessage): void {
    const used = this.#used;
    const most = this.#options.maxQueuedBytes * BODIES_PART;
    const fits = !this.#options.drop || used + messageRoom(message) <= most;
    const kept = fits ? message : { ...message, pieces: [], dropped: Math.max(1, message.dropped) };
    this.#pack(messageEntry(number, kept));
  }

  get #used(): number {
    return this.queuedBytes + (this.#slab === null ? 0 : slabLength(this.#slab));
  }

  /** Room for calls that need not be told of yet. */
  get hasRoom(): boolean {
    return this.queuedBytes < this.#options.maxQueuedBytes;
  }

  /** Something waits to be sent. */
  get holdsBack(): boolean {
    return this.#slab !== null || this.#lostUntold > 0;
  }

  /** Sends what there is, unless the thread has enough to do. */
  sendWhenDue(): void {
    if (this.#out.length < BATCHES_AHEAD) this.send();
  }

  send(): void {
    this.#tellLosses();
    const slab = this.#slab;
    if (slab === null) return;
    const { memory, length, moved } = slab;
    const batch = {
      calls: this.#slabCalls,
      length: slabLength(slab),
      droppedBodies: this.#slabDropped,
      waiting: this.#waiting,
    };
    this.#slab = null;
    this.#slabCalls = 0;
    this.#slabDropped = 0;
    this.#waiting = [];
    if (this.#dead) {
      this.#giveUp(batch);
      return;
    }
    this.queuedBytes += batch.length;
    this.#out.push(batch);
    this.post({ kind: 'batch', slab: { memory, length, moved } }, [memory, ...moved]);
  }

  post(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  async flush(): Promise<void> {
    this.send();
    if (this.#out.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#flushWaiters.push(resolve);
    await promise;
  }

  async close(): Promise<void> {
    await this.flush();
    if (this.#dead) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onClosed = resolve;
    this.post({ kind: 'close' });
    await promise;
  }

  #callBack(onKept: OnKept | null): void {
    if (onKept === null) return;
    if (!this.#options.durable) {
      onKept(true);
      return;
    }
    this.#waiting.push(onKept);
    if (this.#sendsSoon || this.#out.length > 0) return;
    // What ends in the same turn shares a commit; what ends during the commit shares the next one.
    this.#sendsSoon = true;
    setImmediate(() => {
      this.#sendsSoon = false;
      this.send();
    });
  }

  /** The call as far as the queue has room for it; null when it has none. */
  #fitting(draft: CallDraft, isAnnounced: boolean): CallDraft | null {
    const { maxQueuedBytes } = this.#options;
    const used = this.#used;
    if (used + draftRoom(draft) + movedLength(draft) <= maxQueuedBytes * BODIES_PART) return draft;
    const bare = withoutBodies(draft);
    // The row of an announced call is on the tape and has to be ended; these are few.
    return isAnnounced || used + draftRoom(bare) <= maxQueuedBytes ? bare : null;
  }

  #pack({ room, pack }: PackedEntry): boolean {
    if (this.#slab !== null && this.#slab.room < room) this.send();
    this.#slab ??= this.#newSlab(room);
    const { length, moved } = this.#slab;
    const movedBefore = moved.length;
    try {
      pack(this.#slab);
      return true;
    } catch (error) {
      this.#slab.rewind(length, movedBefore);
      this.problem = String(error);
      return false;
    }
  }

  #newSlab(room: number): SlabWriter {
    if (room > SLAB_BYTES) return new SlabWriter(room);
    const spare = this.#spare.pop();
    return new SlabWriter(spare ?? SLAB_BYTES);
  }

  #forget({ body, response }: CallDraft): void {
    const numbers = [body.spilled ?? 0, response?.body.spilled ?? 0].filter((one) => one > 0);
    if (numbers.length > 0) this.post({ kind: 'forget', numbers });
  }

  #noteDropped(draft: CallDraft): void {
    const bodies = countDropped(droppedOf(draft));
    this.#slabDropped += bodies;
    this.#droppedOnTheWay += bodies;
    this.problem ??= SLOW;
  }

  #lose(): void {
    this.lostCalls += 1;
    this.#lostUntold += 1;
    this.problem ??= SLOW;
  }

  #tellLosses(): void {
    if (this.#lostUntold === 0 || this.#dead) return;
    this.post({ kind: 'lost', calls: this.#lostUntold });
    this.#lostUntold = 0;
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case 'ready':
      case 'refused':
        break;
      case 'waiting':
        this.locked = true;
        break;
      case 'spilled':
        this.queuedBytes -= message.length;
        this.#wake();
        break;
      case 'written':
        this.#onWritten(message.slabs, message.written);
        break;
      case 'closed':
        this.#count(message.written);
        this.#dead = true;
        this.#onClosed?.();
        break;
    }
  }

  #onWritten(slabs: readonly ArrayBuffer[], written: Written): void {
    this.locked = false;
    this.#count(written);
    const kept = !written.failed && written.lost === 0;
    for (const memory of slabs) {
      this.#recycle(memory);
      const batch = this.#out.shift();
      this.queuedBytes -= batch?.length ?? 0;
      this.#droppedOnTheWay -= batch?.droppedBodies ?? 0;
      for (const onKept of batch?.waiting ?? []) onKept(kept);
    }
    if (this.#waiting.length > 0) this.send();
    this.#wake();
  }

  /** What is not used again is given back at once; the garbage collector would let it pile up. */
  #recycle(memory: ArrayBuffer): void {
    const isUsual = memory.byteLength === SLAB_BYTES;
    if (isUsual && this.#spare.length < SPARE_SLABS) this.#spare.push(memory);
    else memory.transfer(0);
  }

  #count(written: Written): void {
    this.writtenCalls += written.calls;
    this.lostCalls += written.lost;
    this.unkeptCalls += written.unkept;
    this.#droppedOnTape += written.dropped;
    this.failure = written.failed ? written.problem : null;
    this.problem = written.problem ?? this.problem;
  }

  #wake(): void {
    if (!this.full) {
      const resumed = this.#drainWaiters;
      this.#drainWaiters = [];
      for (const resume of resumed) resume();
    }
    if (this.#out.length > 0) return;
    const flushed = this.#flushWaiters;
    this.#flushWaiters = [];
    for (const resolve of flushed) resolve();
  }

  /** The thread is gone: nothing waits for it any more, and what comes is counted as lost. */
  #die(reason: string): void {
    if (this.#dead) return;
    this.#dead = true;
    this.failure ??= reason;
    this.problem ??= reason;
    for (const batch of this.#out.splice(0)) this.#giveUp(batch);
    this.queuedBytes = 0;
    this.#onClosed?.();
    this.#wake();
  }

  #giveUp({ calls, droppedBodies, waiting }: Batch): void {
    this.lostCalls += calls;
    this.#droppedOnTheWay -= droppedBodies;
    for (const onKept of waiting) onKept(false);
  }
}
