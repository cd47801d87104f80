import type { IncomingMessage } from 'node:http';
import { metricsReply } from '../metrics/metrics-server.ts';
import { mockFamilies } from '../metrics/mock-families.ts';
import type { Family } from '../metrics/family.ts';
import type { OpenMock } from '../open-mock.ts';
import { withoutSecrets } from '../secret-places.ts';
import { FaultRoutes } from './fault-routes.ts';
import { RESETTABLE } from './figures.ts';
import type { MissList, MockHealth, ResetDone, Resettable, UnusedList } from './figures.ts';
import { jsonBody, membersOf } from './json-body.ts';
import { jsonReply } from './local-server.ts';
import type { Reply } from './local-server.ts';
import type { JournalPage } from '../journal.ts';
import type { ProfileInForce } from './profile.ts';
import { Refusal } from './refusal.ts';

/** What the control API is about. */
export interface Controlled {
  readonly mock: OpenMock;
  readonly profile: ProfileInForce;
  readonly tapes: readonly string[];
  readonly version: string | null;
  /** When it began, on the monotonic clock, milliseconds. */
  readonly startedAt: number;
  /** Figures besides those of the mock. */
  readonly families: () => readonly Family[];
}

/** A request taken apart. */
interface Asked {
  readonly request: IncomingMessage;
  /** The last part of the path where it is a number. */
  readonly id: number;
  readonly query: URLSearchParams;
}

type Handler = (asked: Asked) => Reply | Promise<Reply>;

const MOST_UNUSED = 1_000;
const MOST_ENTRIES = 1_000;
const SOME_ENTRIES = 100;

function wholeNumber(query: URLSearchParams, name: string, most: number): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (/^\d{1,15}$/.test(text) && Number(text) <= most) return Number(text);
  const message = `The parameter ${name} has to be a whole number from 0 to ${most}.`;
  throw new Refusal(400, 'PARAMETER_INVALID', message);
}

function resettables(content: unknown): readonly Resettable[] {
  const what = membersOf(content, ['what']).get('what') ?? ['sequences', 'faults'];
  const wanted = Array.isArray(what) ? what : [];
  const known = RESETTABLE.filter((name) => wanted.includes(name));
  if (known.length > 0 && known.length === wanted.length) return known;
  const message = `"what" has to be a list of some of ${RESETTABLE.join(', ')}, each once.`;
  throw new Refusal(400, 'CONTENT_INVALID', message);
}

function json(answer: (asked: Asked) => object): Handler {
  return (asked) => jsonReply(200, answer(asked));
}

/** For methods whose requests have content. */
function taking(answer: (content: unknown, asked: Asked) => object, status = 200): Handler {
  return async (asked) => jsonReply(status, answer(await jsonBody(asked.request), asked));
}

/** What the control API of a mock answers, by path and method. */
export class ControlApi {
  readonly #of: Controlled;
  readonly #routes: ReadonlyMap<string, ReadonlyMap<string, Handler>>;

  constructor(controlled: Controlled) {
    this.#of = controlled;
    const { mock, profile } = controlled;
    const faults = new FaultRoutes(mock.faults, mock.seed, profile);
    this.#routes = new Map<string, ReadonlyMap<string, Handler>>([
      ['/health', new Map([['GET', json(() => this.#health())]])],
      [
        '/faults',
        new Map([
          ['GET', json(() => faults.list())],
          ['POST', taking((content) => faults.add(content), 201)],
        ]),
      ],
      [
        '/faults/ID',
        new Map([
          ['PATCH', taking((content, { id }) => faults.turn(id, content))],
          ['DELETE', json(({ id }) => faults.remove(id))],
        ]),
      ],
      ['/profile', new Map([['PUT', taking((content) => faults.setProfile(content))]])],
      ['/reset', new Map([['POST', taking((content) => this.#reset(content))]])],
      ['/journal', new Map([['GET', json(({ query }) => this.#journal(query))]])],
      ['/misses', new Map([['GET', json(() => this.#misses())]])],
      ['/unused', new Map([['GET', json(() => this.#unused())]])],
      ['/metrics', new Map([['GET', ({ request }) => this.#metrics(request)]])],
    ]);
  }

  async answer(request: IncomingMessage): Promise<Reply> {
    await this.#of.mock.gather();
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const id = /^\/faults\/(\d{1,15})$/.exec(path)?.[1];
    const methods = this.#routes.get(id === undefined ? path : '/faults/ID');
    if (methods === undefined || path.endsWith('/ID')) {
      const message = `There is nothing there. There are ${[...this.#routes.keys()].join(', ')}.`;
      throw new Refusal(404, 'NOT_FOUND', message);
    }
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    const handler = methods.get(method);
    if (handler === undefined) {
      const allow = [...methods.keys()].join(', ');
      throw new Refusal(405, 'METHOD_REFUSED', `Use ${allow} there.`, { allow });
    }
    return await handler({ request, id: Number(id), query: new URLSearchParams(query) });
  }

  #health(): MockHealth {
    const { mock, tapes, version, startedAt } = this.#of;
    const { answered, lenient, missed, passed, faulted } = mock.summary();
    return {
      version,
      pid: process.pid,
      uptimeMs: Math.round(performance.now() - startedAt),
      tapes,
      recordings: mock.recordings,
      seed: mock.seed,
      counts: { answered, lenient, missed, passed, faulted },
    };
  }

  #reset(content: unknown): ResetDone {
    const { mock } = this.#of;
    const reset = resettables(content);
    const acts: Readonly<Record<Resettable, () => void>> = {
      sequences: () => mock.resetSequences(),
      faults: () => mock.faults.reset(),
      misses: () => mock.forgetMisses(),
      journal: () => mock.forget('journal'),
    };
    for (const what of reset) acts[what]();
    return { reset };
  }

  #journal(query: URLSearchParams): JournalPage {
    const since = wholeNumber(query, 'since', Number.MAX_SAFE_INTEGER);
    const limit = wholeNumber(query, 'limit', MOST_ENTRIES) ?? SOME_ENTRIES;
    const { journal } = this.#of.mock;
    return journal?.page(since, limit) ?? { entries: [], next: 0, lost: 0, open: [] };
  }

  #misses(): MissList {
    const { missed, misses } = this.#of.mock.summary();
    return { missed, misses };
  }

  #unused(): UnusedList {
    const { unused, unusedPatterns } = this.#of.mock.summary();
    const shown = unused.slice(0, MOST_UNUSED).map((one) => {
      return { ...one, url: withoutSecrets(one.url) };
    });
    const patterns = unusedPatterns
      .slice(0, MOST_UNUSED)
      .map(({ source, name, method, url }) => ({ source, name, method, url }));
    return {
      total: unused.length,
      unused: shown,
      totalPatterns: unusedPatterns.length,
      unusedPatterns: patterns,
    };
  }

  #metrics(request: IncomingMessage): Reply {
    return metricsReply(request, [...mockFamilies(this.#of.mock), ...this.#of.families()]);
  }
}
