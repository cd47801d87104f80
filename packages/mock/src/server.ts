import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { JOURNAL_LENGTH, startControl } from './control/control.ts';
import type { Control, ControlOptions } from './control/control.ts';
import type { FaultsInForce } from './faults-in-force.ts';
import { createHttpServer } from './http-server.ts';
import { listen, urlOf } from './listen.ts';
import { openMock } from './open-mock.ts';
import type { MockSummary, OpenMock, PlayOptions } from './open-mock.ts';

/** Where a mock is reached. */
export interface ServeOptions {
  /** Address to listen on. Default 127.0.0.1, so that no other machine reaches the mock. */
  readonly host?: string;
  /** Default 4881; 0 picks a free one. */
  readonly port?: number;
}

export interface MockOptions extends Omit<PlayOptions, 'replay' | 'mayBeEmpty'>, ServeOptions {
  /** Opens a control API, and a journal with it. Default: none. */
  readonly control?: ControlOptions;
}

/** A mock that accepts connections. */
export interface Mock {
  readonly url: string;
  readonly port: number;
  readonly seed: number;
  /** How many recordings it can play. */
  readonly recordings: number;
  /** The fault rules, which may be changed while it runs. */
  readonly faults: FaultsInForce;
  /** How many mappings of WireMock and operations of OpenAPI it can answer. */
  readonly patterns: number;
  /** What of its files it leaves out, a sentence each. */
  readonly warnings: readonly string[];
  /** Null without the option. */
  readonly control: Pick<Control, 'url' | 'port' | 'token'> | null;
  summary(): MockSummary;
  /**
   * Accepts no more connections, lets calls that are under way come to their end, and cuts those
   * that hang at once and those that are not done after `graceMs` milliseconds (default 2 000).
   */
  close(graceMs?: number): Promise<void>;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 4881;

interface Parts {
  readonly server: Server;
  /** Connections on which no request has come yet. */
  readonly unused: ReadonlySet<Socket>;
  readonly mock: OpenMock;
  readonly control: Control | null;
}

class RunningMock implements Mock {
  readonly url: string;
  readonly port: number;
  readonly #parts: Parts;
  #closed: Promise<void> | null = null;

  constructor(parts: Parts, url: string, port: number) {
    this.#parts = parts;
    this.url = url;
    this.port = port;
  }

  get seed(): number {
    return this.#parts.mock.seed;
  }

  get control(): Control | null {
    return this.#parts.control;
  }

  get faults(): FaultsInForce {
    return this.#parts.mock.faults;
  }

  get recordings(): number {
    return this.#parts.mock.recordings;
  }

  get patterns(): number {
    return this.#parts.mock.patterns;
  }

  get warnings(): readonly string[] {
    return this.#parts.mock.warnings;
  }

  summary(): MockSummary {
    return this.#parts.mock.summary();
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
  { host = DEFAULT_HOST, port: wanted = DEFAULT_PORT }: ServeOptions,
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
 * @throws TapeError when a tape cannot be read; MockError TAPE_EMPTY when there is nothing to play,
 *   ROUTE_INVALID, or PORT_TAKEN, PORT_FORBIDDEN, PORT_INVALID, HOST_INVALID or LISTEN_FAILED when the
 *   mock cannot listen.
 */
export async function startMock(options: MockOptions): Promise<Mock> {
  const { served, control: asked } = options;
  const mock = openMock(asked === undefined ? options : { journal: JOURNAL_LENGTH, ...options });
  const control = asked === undefined ? null : await startControl(mock, asked);
  const running = await serveMock(mock, options, control);
  served?.listening(running.url);
  return running;
}
