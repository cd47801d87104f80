import { randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { TapeWriter } from '@calltape/store';
import { Answering } from './answering.ts';
import { MockError } from './errors.ts';
import type { FaultRule } from './fault-rule.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { createHttpServer } from './http-server.ts';
import { EndpointLatency } from './endpoint-latency.ts';
import type { LatencyMode } from './latency-mode.ts';
import { listen, urlOf } from './listen.ts';
import type { Learned } from './learned-requests.ts';
import type { MatchChoice } from './match-choice.ts';
import { Catalogue } from './match.ts';
import { MatchingRules } from './matching.ts';
import type { RouteRule } from './matching.ts';
import type { CountedMiss } from './misses.ts';
import type { Place } from './place.ts';
import { Planner } from './planner.ts';
import { Player } from './player.ts';
import type { PlayerCounts } from './player.ts';
import { isWebSocket, recorderHostsOf, recordingsOf, redactionRulesOf } from './recording.ts';
import { SecretPlaces } from './secret-places.ts';
import type { RepeatMode } from './sequence.ts';
import { TimeShift } from './time-shift.ts';
import { UpstreamUrls } from './upstream-urls.ts';
import { HandshakePlanner } from './web-socket/handshake-planner.ts';
import { SocketAnswering } from './web-socket/socket-answering.ts';

export interface MockOptions {
  /** Tape files; of several recordings of the same request those of the latest run are played. */
  readonly tapes: readonly string[];
  /** Address to listen on. Default 127.0.0.1, so that no other machine reaches the mock. */
  readonly host?: string;
  /** Default 4881; 0 picks a free one. */
  readonly port?: number;
  /** Fault rules, each applied to what those before it made of the answer. */
  readonly faults?: readonly FaultRule[];
  /** Whole number that the verdicts of rules with chance in them follow from. Default: drawn. */
  readonly seed?: number;
  /** Default `none`: answers come as fast as they can, which is what a test run wants. */
  readonly latency?: LatencyMode;
  /** What takes part in matching besides method and path; by default all but header fields. */
  readonly match?: readonly MatchChoice[];
  /** Places in requests that do not count. */
  readonly ignore?: readonly Place[];
  /**
   * Whether the nearest recording of the same endpoint answers what none is for, marked with the
   * header `x-calltape-lenient`. Default false.
   */
  readonly lenient?: boolean;
  /** The same for some requests each. */
  readonly rules?: readonly RouteRule[];
  /** What follows the last of several recordings of the same request. Default `last`. */
  readonly repeat?: RepeatMode;
  /**
   * Point the URLs of the recorded API in the text of answers at the mock too, and not only those in
   * header fields. Default false.
   */
  readonly rewriteBodies?: boolean;
  /** Move the times in answers to now. Default false. */
  readonly shiftTime?: boolean;
  /**
   * Every answer is written here, misses and faulted ones too, with the rules that altered it. The
   * caller opened it and closes it.
   */
  readonly served?: TapeWriter;
}

/** A recording that no client got whole. */
export interface UnusedRecording {
  readonly tape: string;
  readonly id: number;
  readonly method: string;
  readonly url: string;
}

export interface MockSummary {
  /** Calls that a recording was found for, faulted ones included. */
  readonly answered: number;
  /** Those of them that a recording of another request of the endpoint was played for. */
  readonly lenient: number;
  /** Calls that no recording was found for, faulted ones included. */
  readonly missed: number;
  /** Calls whose answer a fault rule altered. */
  readonly faulted: number;
  /** The first hundred different ones. */
  readonly misses: readonly CountedMiss[];
  /** WebSocket messages of clients that were not what was recorded. */
  readonly differingMessages: number;
  readonly unused: readonly UnusedRecording[];
  /** What was taken for new in each request, where requests made that a question. */
  readonly learned: readonly Learned[];
}

/** A mock that accepts connections. */
export interface Mock {
  readonly url: string;
  readonly port: number;
  readonly seed: number;
  /** How many recordings it can play. */
  readonly recordings: number;
  summary(): MockSummary;
  /**
   * Accepts no more connections, lets calls that are under way come to their end, and cuts those
   * that hang at once and those that are not done after `graceMs` milliseconds (default 2 000).
   */
  close(graceMs?: number): Promise<void>;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 4881;
const DEFAULT_GRACE_MS = 2_000;
const SWEEP_MS = 20;

/** What there is to play. */
interface Library {
  readonly calls: Catalogue;
  readonly webSockets: Catalogue;
}

function load({ tapes, match = [], ignore = [], lenient, rules = [] }: MockOptions): Library {
  const secrets = new SecretPlaces(redactionRulesOf(tapes));
  const matching = new MatchingRules({ match, ignore, lenient }, rules);
  const calls = new Catalogue(secrets, matching);
  const webSockets = new Catalogue(secrets, matching);
  for (const tape of tapes) {
    for (const recording of recordingsOf(tape)) {
      (isWebSocket(recording) ? webSockets : calls).add(recording);
    }
  }
  if (calls.recordings.length + webSockets.recordings.length > 0) return { calls, webSockets };
  throw new MockError(
    'TAPE_EMPTY',
    `Failed to start the mock: there is no recorded answer on ${tapes.join(', ') || 'no tape at all'}. Record calls first, with calltape record.`,
  );
}

/** Everything that answers, for one mock. */
function answererOf(options: MockOptions, { calls, webSockets }: Library, seed: number): Answerers {
  const { tapes, latency = { kind: 'none' }, rewriteBodies = false, shiftTime = false } = options;
  const { repeat = 'last', served = null } = options;
  const faults = new FaultsInForce(options.faults ?? [], seed);
  const planner = new Planner({
    latency: new EndpointLatency(latency, calls.recordings),
    urls: new UpstreamUrls([...calls.hosts, ...recorderHostsOf(tapes)], rewriteBodies),
    secrets: calls.secrets,
    timeShift: shiftTime ? new TimeShift() : null,
  });
  const pace = new EndpointLatency(latency, webSockets.recordings);
  const handshakes = new HandshakePlanner(pace);
  const player = new Player({ catalogue: calls, faults, planner, repeat });
  const opener = new Player({ catalogue: webSockets, faults, planner: handshakes, repeat });
  return {
    players: [player, opener],
    answering: new Answering(player, served),
    sockets: new SocketAnswering(opener, pace, served),
  };
}

interface Answerers {
  readonly players: readonly Player[];
  readonly answering: Answering;
  readonly sockets: SocketAnswering;
}

interface Parts {
  readonly server: Server;
  /** Connections on which no request has come yet. */
  readonly unused: ReadonlySet<Socket>;
  readonly answerers: Answerers;
  readonly catalogues: readonly Catalogue[];
}

class RunningMock implements Mock {
  readonly url: string;
  readonly port: number;
  readonly seed: number;
  readonly recordings: number;
  readonly #parts: Parts;
  #closed: Promise<void> | null = null;

  constructor(parts: Parts, url: string, port: number, seed: number) {
    this.#parts = parts;
    this.url = url;
    this.port = port;
    this.seed = seed;
    this.recordings = parts.catalogues.reduce((sum, { recordings }) => sum + recordings.length, 0);
  }

  summary(): MockSummary {
    const { catalogues, answerers } = this.#parts;
    const recordings = catalogues.flatMap((catalogue) => catalogue.recordings);
    const unused = recordings
      .filter(({ used }) => !used)
      .map(({ tape, exchange: { id, request } }) => {
        return { tape, id, method: request.method, url: request.url };
      });
    const total = (name: keyof PlayerCounts): number =>
      answerers.players.reduce((sum, { counts }) => sum + counts[name], 0);
    return {
      answered: total('answered'),
      lenient: total('lenient'),
      missed: total('missed'),
      faulted: total('faulted'),
      differingMessages: answerers.sockets.mismatches,
      misses: answerers.players.flatMap(({ misses }) => misses.all()),
      unused,
      learned: catalogues.flatMap((catalogue) => catalogue.learned()),
    };
  }

  async close(graceMs: number = DEFAULT_GRACE_MS): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    await this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    const { server, answerers, unused } = this.#parts;
    const { answering, sockets } = answerers;
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    // node:http does not call a connection idle before its first request.
    for (const socket of unused) socket.destroy();
    // A connection becomes idle when its last answer is out, and a call may begin to hang later.
    const sweep = setInterval(() => {
      answering.stopHanging();
      server.closeIdleConnections();
    }, SWEEP_MS);
    answering.stopHanging();
    sockets.stop();
    const grace = setTimeout(() => {
      answering.stopAll();
      sockets.stopAll();
      server.closeAllConnections();
    }, graceMs);
    await closed;
    await answering.idle();
    clearInterval(sweep);
    clearTimeout(grace);
  }
}

/**
 * Plays tapes: answers requests with what was recorded for the same requests.
 *
 * @throws TapeError when a tape cannot be read; MockError TAPE_EMPTY when there is nothing to play,
 *   PORT_TAKEN, PORT_FORBIDDEN, PORT_INVALID, HOST_INVALID or LISTEN_FAILED when the mock cannot
 *   listen.
 */
export async function startMock(options: MockOptions): Promise<Mock> {
  const { host = DEFAULT_HOST, port: wanted = DEFAULT_PORT, served } = options;
  const seed = options.seed ?? randomInt(2 ** 32);
  const library = load(options);
  const answerers = answererOf(options, library, seed);
  const unused = new Set<Socket>();
  const server = createHttpServer(
    (request, response) => {
      unused.delete(request.socket);
      answerers.answering.request(request, response);
    },
    (request, socket, head) => {
      unused.delete(request.socket);
      answerers.sockets.upgrade(request, socket, head);
    },
    (socket) => answerers.answering.isAnswering(socket),
  );
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  const port = await listen(server, host, wanted);
  const url = urlOf(host, port);
  served?.listening(url);
  const catalogues = [library.calls, library.webSockets];
  return new RunningMock({ server, unused, answerers, catalogues }, url, port, seed);
}
