import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { JOURNAL_LENGTH, startControl } from './control/control.ts';
import type { Control, ControlOptions } from './control/control.ts';
import { createHttpServer } from './http-server.ts';
import { listen, urlOf } from './listen.ts';
import { openMock } from './open-mock.ts';
import type { OpenMock } from './open-mock.ts';
import { WatchedMock } from './watched-mock.ts';
import { playOptionsOf } from './written-options.ts';
import type { WrittenOptions } from './written-options.ts';

/** Where a mock is reached. */
export interface ServeOptions {
  /** Address to listen on. Default 127.0.0.1, so that no other machine reaches the mock. */
  readonly host?: string;
  /** Default 0, which picks a free one. */
  readonly port?: number;
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

interface Parts {
  readonly server: Server;
  /** Connections on which no request has come yet. */
  readonly unused: ReadonlySet<Socket>;
  readonly mock: OpenMock;
  readonly control: Control | null;
}

class RunningMock extends WatchedMock implements Mock {
  readonly url: string;
  readonly port: number;
  readonly #parts: Parts;
  #closed: Promise<void> | null = null;

  constructor(parts: Parts, url: string, port: number) {
    super(parts.mock);
    this.#parts = parts;
    this.url = url;
    this.port = port;
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
    const { server, mock, unused, control } = this.#parts;
    const door = {
      close: async () => {
        const { promise: closed, resolve } = Promise.withResolvers<void>();
        server.close(() => resolve());
        // node:http does not call a connection idle before its first request.
        for (const socket of unused) socket.destroy();
        await closed;
      },
      closeIdle: () => server.closeIdleConnections(),
      cut: () => server.closeAllConnections(),
    };
    await mock.finish(door, graceMs);
    await control?.close();
  }
}

/** A server of plain HTTP/1.1, the one door that needs nobody else. */
function doorTo(mock: OpenMock): Pick<Parts, 'server' | 'unused'> {
  const unused = new Set<Socket>();
  const server = createHttpServer(
    (request, response) => {
      unused.delete(request.socket);
      mock.visit({ request, response, secure: false, origin: null, passOn: null });
    },
    (request, behind) => {
      unused.delete(request.socket);
      mock.open({ request, behind, secure: false, origin: null, passOn: null });
    },
    (socket) => mock.isAnswering(socket),
  );
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  return { server, unused };
}

/**
 * Has a mock accept connections, in plain HTTP/1.1.
 *
 * @param control - Closed with the mock; at once when the mock cannot listen.
 * @throws MockError PORT_TAKEN, PORT_FORBIDDEN, PORT_INVALID, HOST_INVALID or LISTEN_FAILED.
 */
export async function serveMock(
  mock: OpenMock,
  { host = DEFAULT_HOST, port: wanted = 0 }: ServeOptions,
  control: Control | null = null,
): Promise<Mock> {
  const door = doorTo(mock);
  try {
    const port = await listen(door.server, host, wanted);
    return new RunningMock({ ...door, mock, control }, urlOf(host, port), port);
  } catch (error) {
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
