import { JOURNAL_LENGTH, startControl } from './control/control.ts';
import type { Control, ControlOptions } from './control/control.ts';
import { MockError } from './errors.ts';
import { listen, sharesPorts, urlOf } from './listen.ts';
import { openMock } from './open-mock.ts';
import type { OpenMock } from './open-mock.ts';
import { PlainDoor } from './plain-door.ts';
import type { SeenCall } from './seen-call.ts';
import type { ThreadProgram } from './sharing/mock-worker.ts';
import { Workers } from './sharing/workers.ts';
import { WatchedMock } from './watched-mock.ts';
import { playOptionsOf } from './written-options.ts';
import type { WrittenOptions } from './written-options.ts';

/** Where a mock is reached. */
export interface ServeOptions {
  /** Address to listen on. Default 127.0.0.1, so that no other machine reaches the mock. */
  readonly host?: string;
  /** Default 0, which picks a free one. */
  readonly port?: number;
  /**
   * Threads that answer, each with all recordings in its memory. Sequences and the verdicts of fault
   * rules are those of one. Default 1, and never more where the system does not let several listen on
   * one port. With several, a summary is of all of them once the mock is closed.
   */
  readonly workers?: number;
}

export interface MockOptions extends WrittenOptions, ServeOptions {
  /** Where the recordings of some APIs are found, by path prefix; see `PlayOptions`. */
  readonly routes?: Readonly<Record<string, string>>;
  /** Opens a control API, and a journal with it. Default: none. */
  readonly control?: ControlOptions;
}

/** A mock that accepts connections. */
export interface Mock extends WatchedMock {
  readonly url: string;
  readonly port: number;
  /** Threads that answer. */
  readonly workers: number;
  /** Null without the option. */
  readonly control: Pick<Control, 'url' | 'port' | 'token'> | null;
  /**
   * Accepts no more connections, lets calls that are under way come to their end, and cuts those
   * that hang at once and those that are not done after `graceMs` milliseconds (default 2 000).
   */
  close(graceMs?: number): Promise<void>;
  /** Closes it at the end of an `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const DEFAULT_HOST = '127.0.0.1';

/** TypeScript when run from source, JavaScript when built. */
const THREAD_FILE = `./worker-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`;
const PLAIN_THREAD: ThreadProgram = {
  file: new URL(THREAD_FILE, import.meta.url),
  more: null,
  heard: () => undefined,
};

interface Parts {
  readonly door: PlainDoor;
  /** Null where this thread alone answers. */
  readonly others: Workers | null;
  readonly mock: OpenMock;
  readonly control: Control | null;
}

class RunningMock extends WatchedMock implements Mock {
  readonly url: string;
  readonly port: number;
  readonly workers: number;
  readonly #parts: Parts;
  #closed: Promise<void> | null = null;

  constructor(parts: Parts, url: string, port: number, workers: number) {
    super(parts.mock);
    this.#parts = parts;
    this.url = url;
    this.port = port;
    this.workers = workers;
  }

  override calls(): SeenCall[] {
    this.#refuseForWorkers('tell the calls');
    return super.calls();
  }

  override called(pattern: string): SeenCall[] {
    this.#refuseForWorkers('tell the calls');
    return super.called(pattern);
  }

  get control(): Control | null {
    return this.#parts.control;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async close(graceMs?: number): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    await this.#closed;
  }

  async #close(graceMs: number | undefined): Promise<void> {
    const { door, others, control } = this.#parts;
    await Promise.all([door.close(graceMs), others?.close(graceMs)]);
    await control?.close();
  }

  #refuseForWorkers(what: string): void {
    if (this.workers === 1) return;
    throw new MockError(
      'WORKERS_REFUSED',
      `Failed to ${what}: a mock with several workers cannot. Leave out the option workers.`,
    );
  }
}

/**
 * Has a mock accept connections, in plain HTTP/1.1.
 *
 * @param control - Closed with the mock; at once when the mock cannot listen.
 * @throws MockError WORKERS_REFUSED when a thread cannot start, PORT_TAKEN, PORT_FORBIDDEN, PORT_INVALID, HOST_INVALID or LISTEN_FAILED.
 */
export async function serveMock(
  mock: OpenMock,
  { host = DEFAULT_HOST, port: wanted = 0, workers: asked = 1 }: ServeOptions,
  control: Control | null = null,
): Promise<Mock> {
  const workers = sharesPorts() ? asked : 1;
  const door = new PlainDoor(mock);
  try {
    const port = await listen(door.server, host, wanted, workers > 1);
    const others =
      workers > 1 ? await Workers.start(workers - 1, mock, { host, port }, PLAIN_THREAD) : null;
    return new RunningMock({ door, others, mock, control }, urlOf(host, port), port, workers);
  } catch (error) {
    if (door.server.listening) await door.close(0);
    await control?.close();
    throw error;
  }
}

/**
 * Plays tapes: answers requests with what was recorded for the same requests.
 *
 * @param tapes - Tape files; of several recordings of the same request those of the latest run are played.
 * @throws TapeError when a tape cannot be read; MockError TAPE_EMPTY when there is nothing to play,
 *   ROUTE_INVALID, or PORT_TAKEN, PORT_FORBIDDEN, PORT_INVALID, HOST_INVALID or LISTEN_FAILED when the
 *   mock cannot listen.
 */
export async function startMock(
  tapes: string | readonly string[],
  options: MockOptions = {},
): Promise<Mock> {
  const { served, control: asked } = options;
  const play = playOptionsOf(tapes, options);
  const mock = openMock(asked === undefined ? play : { journal: JOURNAL_LENGTH, ...play });
  const control = asked === undefined ? null : await startControl(mock, asked);
  const running = await serveMock(mock, options, control);
  served?.listening(running.url);
  return running;
}
