import { METHODS } from '../node-http.ts';
import nock from 'nock';
import type { Reply } from './reply.ts';

/** Whoever answers the calls to some origins. */
export interface Performer {
  /** In the form of {@link stageOrigin}. */
  readonly origins: ReadonlySet<string>;
  /** Methods of the recorded requests. */
  readonly methods: ReadonlySet<string>;
  /** Answers calls to other origins too, but for this machine's. */
  readonly refusesOthers: boolean;
}

type Replier = (request: Request) => Promise<Reply>;

// The first that fits is taken, so what is common comes first.
const COMMON = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const LOOPBACK = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|::1):\d+$/;

/** An origin as nock writes it: with its port, and an IPv6 address without brackets. */
export function stageOrigin(origin: string): string {
  const { protocol, hostname, port } = new URL(origin);
  const name = hostname.replace(/^\[|\]$/g, '');
  return `${protocol}//${name}:${port === '' ? (protocol === 'http:' ? 80 : 443) : port}`;
}

/** The origins for which somebody has made interceptors of their own. */
function foreignOrigins(): Set<string> {
  const origins = nock.activeMocks().map((key) => /https?:\/\/[^/]+(?=\/)/.exec(key)?.[0] ?? '');
  return new Set(origins.filter((origin) => origin !== ''));
}

/**
 * The origins in play, as a pattern for nock: it keeps a pattern for ever, even without interceptors,
 * and then answers 501 for what fits it. This one fits nothing any more once nobody plays.
 */
class OriginsInPlay extends RegExp {
  readonly #performers: readonly Performer[];

  constructor(performers: readonly Performer[]) {
    super('calltape');
    this.#performers = performers;
  }

  override test(origin: string): boolean {
    if (this.#performers.some(({ origins }) => origins.has(origin))) return true;
    if (!this.#performers.some(({ refusesOthers }) => refusesOthers)) return false;
    return !LOOPBACK.test(origin) && !foreignOrigins().has(origin);
  }
}

const performers: Performer[] = [];
const inPlay = new OriginsInPlay(performers);
let interceptors: nock.Interceptor[] = [];
let activatedHere = false;

function everyMethod(): Iterable<string> {
  const recorded = performers.flatMap(({ methods }) => [...methods]);
  const all = new Set([...COMMON, ...recorded, ...METHODS]);
  all.delete('CONNECT');
  return all;
}

/**
 * Where all calls to these origins lead to the replier: one interceptor for each method that there is,
 * whatever the number of recordings. It counts neither as pending nor as done.
 */
function intercept(origin: string | RegExp, reply: Replier): nock.Interceptor[] {
  const scope = nock(origin).persist();
  return [...everyMethod()].map((method) => {
    const interceptor = scope.intercept(() => true, method).optionally();
    interceptor.reply(async (request: Request) => await reply(request));
    return interceptor;
  });
}

function takeDown(): void {
  for (const interceptor of interceptors) nock.removeInterceptor(interceptor);
  interceptors = [];
}

/**
 * Sets everything up for those who play now. Where others have interceptors for an origin already,
 * these are asked first, which needs a scope under the same name.
 */
function setUp(reply: Replier): void {
  takeDown();
  if (performers.length === 0) return;
  const foreign = foreignOrigins();
  const shared = new Set(performers.flatMap(({ origins }) => [...origins]));
  interceptors = [...shared]
    .filter((origin) => foreign.has(origin))
    .flatMap((origin) => intercept(origin, reply));
  interceptors.push(...intercept(inPlay, reply));
}

/** Has a performer's origins answered by the replier. */
export function enter(performer: Performer, reply: Replier): void {
  performers.push(performer);
  if (!nock.isActive()) {
    nock.activate();
    activatedHere = true;
  }
  setUp(reply);
}

/** Leaves everything as it was before `enter`. */
export function leave(performer: Performer, reply: Replier): void {
  const at = performers.indexOf(performer);
  if (at !== -1) performers.splice(at, 1);
  setUp(reply);
  if (performers.length > 0 || !activatedHere) return;
  nock.restore();
  activatedHere = false;
}
