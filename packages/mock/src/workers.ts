import { Worker } from 'node:worker_threads';
import { MockError } from './errors.ts';
import type { OpenMock } from './open-mock.ts';
import { takeServed } from './served-sink.ts';
import type { ServedSink } from './served-sink.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';

/** What most calls make of short life fits; the main thread is begun with the same. */
const NURSERY_MB = 24;

/** The thread's own file: TypeScript when run from source, JavaScript when built. */
function threadFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./worker-thread.${extension}`, import.meta.url);
}

/** One of the threads that answer beside the main one. */
class MockWorker {
  readonly #thread: Worker;
  readonly #mock: OpenMock;
  readonly #served: ServedSink | null;
  readonly #listening = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();

  constructor(start: WorkerStart, mock: OpenMock, served: ServedSink | null) {
    this.#mock = mock;
    this.#served = served;
    this.#thread = new Worker(threadFile(), {
      workerData: start,
      name: 'calltape-mock',
      resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
    });
    this.#thread.on('message', (message: FromWorker) => this.#take(message));
    this.#thread.on('error', (error) => this.#fail(error.message));
    this.#thread.on('exit', () => {
      this.#fail('it ended');
      this.#closed.resolve();
    });
  }

  async listens(): Promise<void> {
    await this.#listening.promise;
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
        if (this.#served === null) break;
        takeServed(this.#served, message.calls, (count) => this.#post({ kind: 'taken', count }));
        break;
      case 'closed':
        this.#mock.add(message.state);
        break;
    }
  }
}

/** The threads that answer beside the main one, on the same port. */
export class Workers {
  readonly #all: readonly MockWorker[];

  private constructor(all: readonly MockWorker[]) {
    this.#all = all;
  }

  /**
   * @param count - How many, besides the thread that starts them.
   * @param mock - What answers in this thread; what has come of the others' calls is added to it.
   * @throws MockError WORKERS_REFUSED when one cannot start; then there is none.
   */
  static async start(
    count: number,
    start: WorkerStart,
    mock: OpenMock,
    served: ServedSink | null,
  ): Promise<Workers> {
    const all = Array.from({ length: count }, () => new MockWorker(start, mock, served));
    try {
      await Promise.all(all.map(async (worker) => await worker.listens()));
    } catch (error) {
      await Promise.all(all.map(async (worker) => await worker.kill()));
      throw error;
    }
    return new Workers(all);
  }

  async close(graceMs: number | undefined): Promise<void> {
    await Promise.all(this.#all.map(async (worker) => await worker.close(graceMs)));
  }
}
