import { randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { TapeWriter } from '@calltape/store';
import { Answering } from './answering.ts';
import { MockError } from './errors.ts';
import type { FaultRule } from './fault-rule.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { createHttpServer } from './http-server.ts';
import type { LatencyMode } from './latency-mode.ts';
import { listen, urlOf } from './listen.ts';
import type { Learned } from './learned-requests.ts';
import type { MatchChoice } from './match-choice.ts';
import { Catalogue } from './match.ts';
import { MatchingRules } from './matching.ts';
import type { RouteRule } from './matching.ts';
import type { CountedMiss } from './misses.ts';
import type { Place } from './place.ts';
import { Player } from './player.ts';
import { recordingsOf, redactionRulesOf } from './recording.ts';
import { SecretPlaces } from './secret-places.ts';
import { Lessons } from './schema/lessons.ts';
import type { RepeatMode } from './sequence.ts';

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
  /** The fault rules, which may be changed while it runs. */
  readonly faults: FaultsInForce;
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

function load({ tapes, match = [], ignore = [], lenient, rules = [] }: MockOptions): Catalogue {
  const matching = new MatchingRules({ match, ignore, lenient }, rules);
  const catalogue = new Catalogue(new SecretPlaces(redactionRulesOf(tapes)), matching);
  for (const tape of tapes) {
    for (const recording of recordingsOf(tape)) catalogue.add(recording);
  }
  if (catalogue.recordings.length > 0) return catalogue;
  throw new MockError(
    'TAPE_EMPTY',
    `Failed to start the mock: there is no recorded answer on ${tapes.join(', ') || 'no tape at all'}. Record calls first, with calltape record.`,
  );
}

interface Parts {
  readonly server: Server;
  /** Connections on which no request has come yet. */
  readonly unused: ReadonlySet<Socket>;
  readonly answering: Answering;
  readonly catalogue: Catalogue;
  readonly player: Player;
  readonly faults: FaultsInForce;
}

class RunningMock implements Mock {
  readonly url: string;
  readonly port: number;
  readonly seed: number;
  readonly recordings: number;
  readonly faults: FaultsInForce;
  readonly #parts: Parts;
  #closed: Promise<void> | null = null;

  constructor(parts: Parts, url: string, port: number, seed: number) {
    this.#parts = parts;
    this.url = url;
    this.port = port;
    this.seed = seed;
    this.faults = parts.faults;
    this.recordings = parts.catalogue.recordings.length;
  }

  summary(): MockSummary {
    const { catalogue, player } = this.#parts;
    const unused = catalogue.recordings
      .filter(({ used }) => !used)
      .map(({ tape, exchange: { id, request } }) => {
        return { tape, id, method: request.method, url: request.url };
      });
    const learned = catalogue.learned();
    return { ...player.counts, misses: player.misses.all(), unused, learned };
  }

  async close(graceMs: number = DEFAULT_GRACE_MS): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    await this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    const { server, answering, unused } = this.#parts;
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
    const grace = setTimeout(() => {
      answering.stopAll();
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
  const { host = DEFAULT_HOST, port: wanted = DEFAULT_PORT, served = null } = options;
  const seed = options.seed ?? randomInt(2 ** 32);
  const catalogue = load(options);
  const lessons = new Lessons(catalogue.recordings);
  const learn = (endpoint: string) => lessons.of(endpoint);
  const faults = new FaultsInForce(options.faults ?? [], seed, { learn });
  const player = new Player({
    catalogue,
    faults,
    latency: options.latency ?? { kind: 'none' },
    repeat: options.repeat ?? 'last',
  });
  const answering = new Answering(player, served);
  const unused = new Set<Socket>();
  const server = createHttpServer(
    (request, response) => {
      unused.delete(request.socket);
      answering.request(request, response);
    },
    (socket) => answering.isAnswering(socket),
  );
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  const port = await listen(server, host, wanted);
  const url = urlOf(host, port);
  served?.listening(url);
  const parts = { server, unused, answering, catalogue, player, faults };
  return new RunningMock(parts, url, port, seed);
}
