import { randomInt } from 'node:crypto';
import type { TapeWriter } from '@calltape/store';
import { Answering } from './answering.ts';
import type { Call } from './call.ts';
import { CallLog } from './call-log.ts';
import type { FaultRule } from './fault-rule.ts';
import { FaultsInForce } from './faults-in-force.ts';
import { EndpointLatency } from './endpoint-latency.ts';
import { Journal } from './journal.ts';
import type { LatencyMode } from './latency-mode.ts';
import { load } from './library.ts';
import type { Catalogue } from './match.ts';
import type { MockSummary } from './mock-summary.ts';
import type { MatchChoice } from './match-choice.ts';
import type { RouteRule } from './matching.ts';
import type { Place } from './place.ts';
import { Planner } from './planner.ts';
import { Player } from './player.ts';
import { totalOf } from './play-state.ts';
import type { PlayState } from './play-state.ts';
import type { Answer } from './answer.ts';
import type { Recording } from './recording.ts';
import { recorderHostsOf } from './recordings-of.ts';
import { routesOf, sitesOf } from './routes.ts';
import type { Route } from './routes.ts';
import { takeOwnRequestFault } from './request-fault.ts';
import { Lessons } from './schema/lessons.ts';
import type { SeenCall } from './seen-call.ts';
import type { RepeatMode } from './sequence.ts';
import { ServedRepeats } from './served-repeats.ts';
import type { ServedSink } from './served-sink.ts';
import { SharedCounts } from './shared-counts.ts';
import type { Crew, News } from './sharing/crew.ts';
import { readSources } from './sources.ts';
import type { Sources } from './sources.ts';
import { TimeShift } from './time-shift.ts';
import { MOST_TOLD } from './told-shifts.ts';
import { UpstreamUrls } from './upstream-urls.ts';
import type { Opening, Visit } from './visit.ts';
import { HandshakePlanner } from './web-socket/handshake-planner.ts';
import { SocketAnswering } from './web-socket/socket-answering.ts';

/** What a mock answers, whatever door the calls come through. */
export interface PlayOptions {
  /**
   * Files to play, each a tape, a HAR, JSON of nock, mappings of WireMock (also their folder) or an
   * OpenAPI description, which is told by what is in it. Of several recordings of the same request
   * those of the latest run are played; what is described and not recorded comes after them.
   */
  readonly tapes: readonly string[];
  /**
   * Where the recordings of some APIs are found: with `/slack` for `https://slack.com`, a call to
   * `/slack/api/x` is answered with what `https://slack.com/api/x` did. Below the empty prefix is what is
   * below no other, of whatever host.
   */
  readonly routes?: Readonly<Record<string, string>>;
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
  /** Fault rules, each applied to what those before it made of the answer. */
  readonly faults?: readonly FaultRule[];
  /** Whole number that the verdicts of rules with chance in them follow from. Default: drawn. */
  readonly seed?: number;
  /** Default `none`: answers come as fast as they can, which is what a test run wants. */
  readonly latency?: LatencyMode;
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
  /** Default true. False: nothing is played, and every call is passed on that may be. */
  readonly replay?: boolean;
  /** A tape without a recording will do, since calls are passed on. Default false. */
  readonly mayBeEmpty?: boolean;
  /**
   * Answers that are kept in memory, the oldest of them making room for new ones, and timed. Default:
   * none, and none is timed.
   */
  readonly journal?: number;
  /** How many of the newest calls are kept for `calls`. Default 0. */
  readonly keepCalls?: number;
}

const DEFAULT_GRACE_MS = 2_000;
const SWEEP_MS = 20;
/** Where threads share the counts of rules, so many more than at the start may be in force. */
const MOST_RULES_ADDED = 100;

function nothing(): void {}

function plannerOf(
  options: PlayOptions,
  tapes: readonly string[],
  catalogue: Catalogue,
  routes: readonly Route[],
): Planner {
  const { latency = { kind: 'none' }, rewriteBodies = false, shiftTime = false } = options;
  const sites = [...sitesOf(catalogue.hosts, routes), ...sitesOf(recorderHostsOf(tapes), [])];
  return new Planner({
    latency: new EndpointLatency(latency, catalogue.recordings),
    urls: new UpstreamUrls(sites, rewriteBodies),
    secrets: catalogue.secrets,
    timeShift: shiftTime ? new TimeShift() : null,
  });
}

/** What a door does besides bringing calls. */
export interface DoorLike {
  /** Takes no new connection; resolves when all are closed. */
  readonly close: () => Promise<unknown>;
  /** Closes the connections on which nothing is due. */
  readonly closeIdle?: () => void;
  /** Closes all of them. */
  readonly cut?: () => void;
}

/** A mock without a door of its own: answers the calls that others bring. */
export class OpenMock {
  /** As it was given. */
  readonly options: PlayOptions;
  /** What it plays, as it was given. */
  readonly tapes: readonly string[];
  readonly seed: number;
  /** The fault rules, which may be changed while it runs. */
  readonly faults: FaultsInForce;
  readonly #sources: Sources;
  /** Null without the option. */
  readonly journal: Journal | null;
  /** The calls that can be played. */
  readonly catalogue: Catalogue;
  readonly #player: Player;
  readonly #catalogues: readonly Catalogue[];
  readonly #players: readonly Player[];
  readonly #answering: Answering;
  readonly #sockets: SocketAnswering;
  readonly #log: CallLog;
  readonly #planner: Planner;
  /** Null where this thread alone answers. */
  #crew: Crew | null = null;

  constructor(options: PlayOptions, served: ServedSink | null) {
    const { latency = { kind: 'none' }, repeat = 'last', replay: replays = true } = options;
    const routes = routesOf(options.routes ?? {});
    this.options = options;
    this.tapes = options.tapes;
    this.seed = options.seed ?? randomInt(2 ** 32);
    this.#sources = readSources(options.tapes, { seed: this.seed, latency, repeat });
    const { descriptions } = this.#sources;
    const { calls, webSockets } = load(this.#sources, options);
    const lessons = new Lessons(calls.recordings);
    const learn = (endpoint: string) => lessons.of(endpoint);
    const faults = new FaultsInForce(options.faults ?? [], this.seed, { learn });
    this.faults = faults;
    const log = new CallLog(options.keepCalls ?? 0);
    const planner = plannerOf(options, this.#sources.tapes, calls, routes);
    const player = new Player({
      catalogue: calls,
      descriptions,
      faults,
      planner,
      repeat,
      replays,
      log,
    });
    const pace = new EndpointLatency(latency, webSockets.recordings);
    const handshakes = new HandshakePlanner(pace);
    const opener = new Player({
      catalogue: webSockets,
      descriptions: [],
      faults,
      planner: handshakes,
      repeat,
      replays,
      log,
    });
    this.#catalogues = [calls, webSockets];
    this.#players = [player, opener];
    this.#player = player;
    this.#planner = planner;
    this.#log = log;
    this.catalogue = calls;
    this.journal =
      options.journal === undefined
        ? null
        : new Journal(options.journal, (url) => calls.secrets.asOnTape(url));
    const repeats = new ServedRepeats();
    const keepers = { served, journal: this.journal, repeats };
    this.#answering = new Answering(player, keepers, routes);
    this.#sockets = new SocketAnswering(opener, pace, keepers, routes);
  }

  /** How many recordings it can play. */
  get recordings(): number {
    return this.#catalogues.reduce((sum, { recordings }) => sum + recordings.length, 0);
  }

  /** How many mappings of WireMock and operations of OpenAPI it can answer. */
  get patterns(): number {
    return this.#sources.patterns;
  }

  /** What of its files it leaves out, a sentence each. */
  get warnings(): readonly string[] {
    return this.#sources.warnings;
  }

  /** Room for the counts of several threads that play the same as this one. */
  countsToShare(): SharedCounts {
    const { recordings: length, patterns } = this;
    // A recording is in a group of its own at most, in one of what is learned, and in a variant of each.
    const groups = 4 * length;
    const endpoints = length + patterns + 1;
    // Of each rule and endpoint a count and a quota.
    const rules = 2 * endpoints * this.#mostRules;
    // Of a pattern how often it was given, and the state of its scenario.
    const told = this.options.shiftTime === true ? MOST_TOLD : 0;
    return SharedCounts.for(groups + endpoints + rules + 2 * patterns + told);
  }

  /** The most rules that there is room for where threads share their counts. */
  get #mostRules(): number {
    const added = this.journal === null ? 0 : MOST_RULES_ADDED;
    return (this.options.faults?.length ?? 0) + added;
  }

  /** From here on counts what others count too. Nothing has been answered yet. */
  share(counts: SharedCounts, crew: Crew): void {
    this.#crew = crew;
    for (const player of this.#players) player.share(counts, () => crew.hear());
    this.#planner.share(counts, (all) => crew.tell({ kind: 'remembered', all }));
    this.journal?.share(counts);
    for (const [at, one] of this.#sources.descriptions.entries()) one.share(counts, at);
    this.faults.share({
      counts,
      tell: (change) => crew.tell({ kind: 'rules', change }),
      most: this.#mostRules,
    });
  }

  /** Takes what another thread has told. */
  take(news: News): void {
    switch (news.kind) {
      case 'rules':
        this.faults.take(news.change);
        break;
      case 'remembered':
        this.#planner.take(news.all);
        break;
      case 'forget':
        this.#forget(news.what);
        break;
    }
  }

  /**
   * What has come of its calls, to be added to that of other threads.
   *
   * @param since - The answers of the journal up to this id have been told before.
   */
  state(since = 0): PlayState {
    this.#crew?.hear();
    return {
      players: this.#players.map(({ counts, misses }) => ({ counts, misses: misses.all() })),
      used: this.#all.flatMap(({ used }, at) => (used ? [at] : [])),
      usedPatterns: this.#sources.usedPatterns(),
      learned: this.#catalogues.flatMap((catalogue) => catalogue.learned()),
      differingMessages: this.#sockets.mismatches,
      rules: this.faults.counts,
      journal: this.journal?.news(since) ?? null,
    };
  }

  /** Has what comes of the calls of other threads until now be part of what it says of its own. */
  async gather(): Promise<void> {
    await this.#crew?.gather();
  }

  /** Where other threads answer too, theirs is as it was at the last {@link gather}. */
  summary(): MockSummary {
    const total = totalOf([this.state(), ...(this.#crew?.states ?? [])]);
    const { counts, used, usedPatterns, misses, differingMessages, learned } = total;
    const unused = this.#all
      .filter((_, at) => !used.has(at))
      .map(({ tape, exchange: { id, request } }) => {
        return { tape, id, method: request.method, url: request.url };
      });
    const unusedPatterns = this.#sources.unused(usedPatterns);
    return { ...counts, misses, differingMessages, unused, unusedPatterns, learned };
  }

  /** Has all recordings and descriptions to answer again from their start, as if none had been asked for. */
  resetSequences(): void {
    this.forget('sequences');
  }

  forgetMisses(): void {
    this.forget('misses');
  }

  /** Forgets what is kept of calls, in all threads. */
  forget(what: 'sequences' | 'misses' | 'journal'): void {
    this.#crew?.tell({ kind: 'forget', what });
    this.#forget(what);
  }

  #forget(what: 'sequences' | 'misses' | 'journal'): void {
    if (what === 'journal') this.journal?.clear();
    if (what === 'sequences') for (const one of this.#sources.descriptions) one.reset();
    for (const player of this.#players) {
      if (what === 'sequences') player.resetSequences();
      if (what === 'misses') player.misses.clear();
    }
  }

  /** The calls that came, or those of a pattern such as `POST /v1/charges`; see `CallLog.calls`. */
  calls(pattern?: string): SeenCall[] {
    return this.#log.calls(pattern);
  }

  /** Decides on a call of this process that somebody else carries out. */
  answer(came: Call): Answer {
    const { call, fault, refusal } = takeOwnRequestFault(came);
    return refusal ?? this.#player.answer(call, false, fault);
  }

  /** Answers a call. Owns both its messages from here on. */
  visit(visit: Visit): void {
    this.#answering.visit(visit);
  }

  /** Answers a request to open a WebSocket. Owns its connection from here on. */
  open(opening: Opening): void {
    this.#sockets.open(opening);
  }

  /** Whether an answer on this connection is under way. */
  isAnswering(socket: Visit['request']['socket']): boolean {
    return this.#answering.isAnswering(socket);
  }

  /**
   * Lets calls that are under way come to their end while a door is closing, and cuts those that hang
   * at once and those that are not done after `graceMs` milliseconds (default 2 000).
   */
  async finish(door: DoorLike, graceMs: number = DEFAULT_GRACE_MS): Promise<void> {
    const { closeIdle = nothing, cut = nothing } = door;
    // Before their connections go, the clients of WebSockets are told.
    this.#sockets.stop();
    await this.#answering.heardOut(graceMs);
    const closed = door.close();
    // A connection becomes idle when its last answer is out, and a call may begin to hang later.
    const sweep = setInterval(() => {
      this.#answering.stopHanging();
      closeIdle();
    }, SWEEP_MS);
    this.#answering.stopHanging();
    const grace = setTimeout(() => {
      this.#answering.stopAll();
      this.#sockets.stopAll();
      cut();
    }, graceMs);
    await closed;
    await this.#answering.idle();
    clearInterval(sweep);
    clearTimeout(grace);
  }

  get #all(): readonly Recording[] {
    return this.#catalogues.flatMap(({ recordings }) => recordings);
  }
}

/**
 * Loads tapes into a mock that is given its calls by `visit`.
 *
 * @param served - What takes its answers, where that is not the tape of the options.
 * @throws TapeError when a tape, a HAR or JSON of nock cannot be read; MockError SOURCE_INVALID,
 *   SOURCE_UNKNOWN, WIREMOCK_INVALID or OPENAPI_INVALID for other files, TAPE_EMPTY when there is nothing to play, or
 *   ROUTE_INVALID.
 */
export function openMock(
  options: PlayOptions,
  served: ServedSink | null = options.served ?? null,
): OpenMock {
  return new OpenMock(options, served);
}
