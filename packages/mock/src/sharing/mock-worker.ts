import { Worker } from 'node:worker_threads';
import { MockError } from '../errors.ts';
import type { PlayState } from '../play-state.ts';
import { ServedTaking } from '../served-sink.ts';
import type { ServedSink } from '../served-sink.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';

/** What most calls make of short life fits; the main thread is begun with the same. */
const NURSERY_MB = 24;

/** What a worker's thread runs. */
export interface ThreadProgram {
  /** The file that calls `serveWorker`. */
  readonly file: URL;
  /** What it wants to know besides; can be sent to another thread. */
  readonly more: unknown;
  /** Takes what it says. */
  readonly heard: (word: unknown) => void;
}

/** One of the threads that answer beside the main one. */
export class MockWorker {
  /** What has come of its calls, as it said last. */
  state: PlayState | null = null;
  readonly #thread: Worker;
  readonly #heard: (word: unknown) => void;
  readonly #served: ServedTaking | null;
  readonly #listening = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  /** Who waits for its state, each for an answer of its own. */
  readonly #asking: (() => void)[] = [];
  #isGone = false;

  constructor(
    start: Omit<WorkerStart, 'more'>,
    { file, more, heard }: ThreadProgram,
    served: ServedSink | null,
  ) {
    this.#served = served === null ? null : new ServedTaking(served);
    this.#heard = heard;
    const workerData: WorkerStart = { ...start, more };
    this.#thread = new Worker(file, {
      workerData,
      transferList: [...start.lines.ports],
      name: 'calltape-mock',
      resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
    });
    this.#thread.on('message', (message: FromWorker) => this.#take(message));
    this.#thread.on('error', (error) => this.#fail(error.message));
    this.#thread.on('exit', () => {
      this.#isGone = true;
      this.#fail('it ended');
      for (const told of this.#asking.splice(0)) told();
      this.#closed.resolve();
    });
  }

  async listens(): Promise<void> {
    await this.#listening.promise;
  }

  /** @param since - The answers of the journal up to this id have been told before. */
  async tells(since: number): Promise<void> {
    if (this.#isGone) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#asking.push(resolve);
    this.#post({ kind: 'tell', since });
    await promise;
  }

  async close(graceMs: number | undefined): Promise<void> {
    this.#post({ kind: 'close', graceMs });
    await this.#closed.promise;
  }

  async kill(): Promise<void> {
    await this.#thread.terminate();
  }

  #post(message: ToWorker): void {
    this.#thread.postMessage(message);
  }

  #fail(reason: string): void {
    const message = `Failed to start a worker of the mock: ${reason} Leave out --workers, or give a smaller number.`;
    this.#listening.reject(new MockError('WORKERS_REFUSED', message));
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case 'listening':
        this.#listening.resolve();
        break;
      case 'refused':
        this.#fail(message.message);
        break;
      case 'served':
        this.#served?.take(message.parts, (count) => this.#post({ kind: 'taken', count }));
        break;
      case 'word':
        this.#heard(message.word);
        break;
      case 'told':
        this.state = message.state;
        this.#asking.shift()?.();
        break;
      case 'closed':
        this.state = message.state;
        break;
    }
  }
}
