import type { Call } from '../call.ts';
import { MockError } from '../errors.ts';
import { openMock } from '../open-mock.ts';
import type { OpenMock } from '../open-mock.ts';
import { WatchedMock } from '../watched-mock.ts';
import { playOptionsOf } from '../written-options.ts';
import type { WrittenOptions } from '../written-options.ts';
import { planForNock, refuseBeyondNock } from './beyond-nock.ts';
import { replyOf } from './reply.ts';
import type { Reply } from './reply.ts';
import { callOfRequest } from './request-call.ts';
import { enter, leave, stageOrigin } from './stage.ts';
import type { Performer } from './stage.ts';

export interface NockOptions extends Omit<WrittenOptions, 'served'> {
  /**
   * What becomes of calls to hosts that are on no tape. `pass`, the default: what nock does with them,
   * which is to let them through unless `nock.disableNetConnect()` was called. `refuse`: the 404 that
   * calls get which are not on the tape, but for calls to this machine.
   */
  readonly otherHosts?: 'pass' | 'refuse';
}

/** Tapes that answer the calls of this process. */
export interface NockPlay extends WatchedMock {
  /** Ends it, also for calls that still wait for their answer; other interceptors stay as they are. */
  restore(): void;
  /** Ends it at the end of a `using`. */
  [Symbol.dispose](): void;
}

/** The spelling that a target has after `URL`; the same where that changes nothing. */
function spelt(origin: string, target: string): string {
  const url = URL.parse(origin + target);
  return url === null ? target : url.pathname + url.search;
}

/** Recorded targets by what `URL` makes of them, where that is something else. */
function spellingsOf({ catalogue }: OpenMock): Map<string, string> {
  const changed = catalogue.recordings
    .map(({ origin, target }) => [spelt(origin, target), target] as const)
    .filter(([after, before]) => after !== before);
  return new Map(changed);
}

class Playing extends WatchedMock implements NockPlay, Performer {
  readonly origins: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  readonly refusesOthers: boolean;
  readonly #mock: OpenMock;
  readonly #spellings: ReadonlyMap<string, string>;
  readonly #end = new AbortController();

  constructor(mock: OpenMock, refusesOthers: boolean) {
    super(mock);
    const { recordings } = mock.catalogue;
    this.#mock = mock;
    this.#spellings = spellingsOf(mock);
    const origins = new Set(recordings.map(({ origin }) => origin));
    this.origins = new Set([...origins].filter((one) => URL.canParse(one)).map(stageOrigin));
    this.methods = new Set(recordings.map(({ method }) => method));
    this.refusesOthers = refusesOthers;
  }

  /** The call as it was recorded where `URL` spells that otherwise. */
  #asRecorded(call: Call): Call {
    const target = this.#spellings.get(call.target);
    return target === undefined ? call : { ...call, target };
  }

  knows(call: Call): boolean {
    return this.#mock.catalogue.find(this.#asRecorded(call)) !== undefined;
  }

  async reply(call: Call): Promise<Reply> {
    const answer = this.#mock.answer(this.#asRecorded(call));
    return await replyOf(planForNock(answer), this.#end.signal);
  }

  restore(): void {
    const at = playing.indexOf(this);
    if (at === -1) return;
    playing.splice(at, 1);
    leave(this, reply);
    this.#end.abort();
  }

  [Symbol.dispose](): void {
    this.restore();
  }
}

/** Descriptions, of WireMock and OpenAPI, are of paths. */
function noHost(files: readonly string[]): MockError {
  return new MockError(
    'NOCK_NO_HOST',
    `Failed to play with nock: nothing on ${files.join(', ')} was recorded of a host, so it is not known whose calls to answer. Set otherHosts to "refuse", which answers the calls to all hosts.`,
  );
}

/** The newest first. */
const playing: Playing[] = [];

/** Of several tapes the newest that has a recording answers, or else the newest of that host. */
async function reply(request: Request): Promise<Reply> {
  const call = await callOfRequest(request);
  const origin = stageOrigin(call.proxiedOrigin ?? request.url);
  const ofHost = playing.filter(({ origins }) => origins.has(origin));
  const asked = ofHost.length > 0 ? ofHost : playing.filter(({ refusesOthers }) => refusesOthers);
  const chosen = asked.length > 1 ? asked.find((one) => one.knows(call)) : undefined;
  const performer = chosen ?? asked[0];
  if (performer === undefined) {
    throw new MockError('MOCK_STOPPED', 'The mock was stopped before the call was answered.');
  }
  return await performer.reply(call);
}

/**
 * Answers this process's calls to the recorded hosts from tapes, through nock.
 *
 * Matching, sequences and faults are those of `startMock`. What needs a connection is refused: see the
 * table in docs/testing.md.
 *
 * @param tapes - Tape files; of several recordings of the same request those of the latest run are played.
 * @throws TapeError when a tape cannot be read; MockError TAPE_EMPTY when there is nothing to play,
 *   NOCK_OFF when nock is switched off, NOCK_NO_HOST when no file says whose calls to answer, NOCK_CANNOT_SHOW for a fault that needs a connection, or
 *   FAULT_INVALID, LATENCY_INVALID, MATCH_INVALID, IGNORE_INVALID.
 */
export function playWithNock(
  tapes: string | readonly string[],
  options: NockOptions = {},
): NockPlay {
  if (process.env['NOCK_OFF'] === 'true') {
    throw new MockError(
      'NOCK_OFF',
      'Failed to play with nock: NOCK_OFF=true in the environment switches it off, so calls would reach the real API. Take that out, or use startMock.',
    );
  }
  const { otherHosts = 'pass', ...written } = options;
  const play = playOptionsOf(tapes, written);
  for (const rule of play.faults ?? []) refuseBeyondNock(rule);
  const performer = new Playing(openMock(play), otherHosts === 'refuse');
  if (performer.origins.size === 0 && !performer.refusesOthers) throw noHost(play.tapes);
  playing.unshift(performer);
  enter(performer, reply);
  return performer;
}
