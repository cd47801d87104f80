import type { OpenMock } from '../open-mock.ts';
import type { PlayState } from '../play-state.ts';
import type { Crew, News } from './crew.ts';
import { Line, linesBetween } from './line.ts';
import type { LineEnd } from './line.ts';
import { MockWorker } from './mock-worker.ts';
import type { ThreadProgram } from './mock-worker.ts';
import { workerPlay } from './worker-play.ts';

/** Where the main thread listens. */
interface Address {
  readonly host: string;
  readonly port: number;
}

/** The threads that answer beside the main one, on the same port. */
export class Workers implements Crew {
  readonly #mock: OpenMock;
  readonly #line: Line;
  readonly #all: readonly MockWorker[];
  /** The answers of the journal up to this id have been told. */
  #toldUpTo = 0;

  private constructor(
    mock: OpenMock,
    [own, ends]: readonly [LineEnd, readonly LineEnd[]],
    address: Address,
    program: ThreadProgram,
  ) {
    const { options, seed } = mock;
    const counts = mock.countsToShare();
    this.#mock = mock;
    this.#line = new Line(own, (news) => mock.take(news));
    mock.share(counts, this);
    const start = {
      ...address,
      play: workerPlay({ ...options, seed }),
      rules: mock.faults.inForce,
      counts: counts.memory,
      served: options.served !== undefined,
    };
    const { served = null } = options;
    this.#all = ends.map((lines) => new MockWorker({ ...start, lines }, program, served));
  }

  /**
   * @param count - How many, besides the thread that starts them.
   * @param mock - What answers in this thread, which listens already.
   * @throws MockError WORKERS_REFUSED when one cannot start; then there is none.
   */
  static async start(
    count: number,
    mock: OpenMock,
    address: Address,
    program: ThreadProgram,
  ): Promise<Workers> {
    const workers = new Workers(mock, linesBetween(count), address, program);
    try {
      await Promise.all(workers.#all.map(async (worker) => await worker.listens()));
    } catch (error) {
      await Promise.all(workers.#all.map(async (worker) => await worker.kill()));
      throw error;
    }
    return workers;
  }

  get states(): readonly PlayState[] {
    return this.#all.flatMap(({ state }) => state ?? []);
  }

  tell(news: News): void {
    this.#line.tell(news);
  }

  hear(): void {
    this.#line.hear();
  }

  async gather(): Promise<void> {
    // What has ended by now has been noted by its thread before that hears the question.
    const upTo = this.#mock.journal?.ended ?? 0;
    const since = this.#toldUpTo;
    await Promise.all(this.#all.map(async (worker) => await worker.tells(since)));
    this.#toldUpTo = Math.max(since, upTo);
    this.#take(upTo);
  }

  async close(graceMs: number | undefined): Promise<void> {
    await Promise.all(this.#all.map(async (worker) => await worker.close(graceMs)));
    this.#take(this.#mock.journal?.ended ?? 0);
    this.#line.close();
  }

  /** @param upTo - All answers up to this one have been told. */
  #take(upTo: number): void {
    const { states } = this;
    const { journal, faults } = this.#mock;
    faults.elsewhere = states.flatMap(({ rules }) => rules);
    journal?.hear(
      states.flatMap((state) => state.journal ?? []),
      upTo,
    );
  }
}
