import { Agent, request } from '../node-http.ts';
import { text } from 'node:stream/consumers';
import type { RuleState } from '../faults-in-force.ts';
import type { JournalPage } from '../journal.ts';
import type { FaultProfile } from '../profiles.ts';
import type {
  FaultList,
  MissList,
  MockHealth,
  ResetDone,
  Resettable,
  UnusedList,
} from './figures.ts';

/** What the control API of a mock refused, or why it could not be asked. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  /** Of the refusal; `CONTROL_UNREACHABLE` or `CONTROL_UNREADABLE` where there was none. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A mock that is asked and told from outside. Everything rejects with {@link ControlError}. */
export interface ControlClient {
  health(): Promise<MockHealth>;
  faults(): Promise<FaultList>;
  addFault(rule: string, on?: boolean): Promise<RuleState>;
  removeFault(id: number): Promise<void>;
  turnFault(id: number, on: boolean): Promise<RuleState>;
  setProfile(profile: FaultProfile | null): Promise<FaultList>;
  /** @param what - By default sequences and the counts of fault rules. */
  reset(what?: readonly Resettable[]): Promise<ResetDone>;
  /**
   * @param since - `next` of an earlier page; without it the last answers.
   * @param limit - At most 1 000; default 100.
   */
  journal(since?: number, limit?: number): Promise<JournalPage>;
  misses(): Promise<MissList>;
  unused(): Promise<UnusedList>;
  /** In the text format of Prometheus. */
  metrics(): Promise<string>;
}

const PATIENCE_MS = 10_000;

// An agent of its own: that of node:http may be set to go through a proxy, such as a mock.
const agent = new Agent({ keepAlive: false });

interface Told {
  readonly status: number;
  readonly content: string;
}

/** Whom to ask, and for how long at the most, milliseconds. */
interface Asking {
  readonly url: string;
  readonly token: string;
  readonly patienceMs: number;
}

function noAnswer(url: string, patienceMs: number, cause: unknown): ControlError {
  const isLate = cause instanceof Error && 'code' in cause && cause.code === 'ABORT_ERR';
  const message = isLate
    ? `The mock at ${url} did not answer within ${patienceMs / 1000} s. It may hang, or be stopped.`
    : `There is no mock to control at ${url}. Start one with --control-port.`;
  return new ControlError('CONTROL_UNREACHABLE', message, { cause });
}

async function tell(asking: Asking, method: string, path: string, content?: object): Promise<Told> {
  const { url, token, patienceMs } = asking;
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const signal = AbortSignal.timeout(patienceMs);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(content === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const outgoing = request(url + path, { method, headers, agent, signal }, (answer) => {
    text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, content: said }), reject);
  });
  outgoing.on('error', reject);
  outgoing.end(content === undefined ? undefined : JSON.stringify(content));
  try {
    return await promise;
  } catch (error) {
    throw noAnswer(url, patienceMs, error);
  }
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function isRefusal(value: unknown): value is { error: { code: string; message: string } } {
  if (typeof value !== 'object' || value === null || !('error' in value)) return false;
  const { error } = value;
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error;
}

/** A server of ours says all of it or nothing. */
function has<T>(value: unknown, member: keyof T): value is T {
  return typeof value === 'object' && value !== null && member in value;
}

class HttpControlClient implements ControlClient {
  readonly #asking: Asking;

  constructor(asking: Asking) {
    this.#asking = { ...asking, url: asking.url.replace(/\/+$/, '') };
  }

  async health(): Promise<MockHealth> {
    return this.#ask('seed', 'GET', '/health');
  }

  async faults(): Promise<FaultList> {
    return this.#ask('rules', 'GET', '/faults');
  }

  async addFault(rule: string, on = true): Promise<RuleState> {
    return this.#ask('id', 'POST', '/faults', { rule, on });
  }

  async removeFault(id: number): Promise<void> {
    await this.#ask<{ removed: number }>('removed', 'DELETE', `/faults/${id}`);
  }

  async turnFault(id: number, on: boolean): Promise<RuleState> {
    return this.#ask('id', 'PATCH', `/faults/${id}`, { on });
  }

  async setProfile(profile: FaultProfile | null): Promise<FaultList> {
    return this.#ask('rules', 'PUT', '/profile', { profile });
  }

  async reset(what?: readonly Resettable[]): Promise<ResetDone> {
    return this.#ask('reset', 'POST', '/reset', what === undefined ? {} : { what });
  }

  async journal(since?: number, limit = 100): Promise<JournalPage> {
    const behind = since === undefined ? '' : `&since=${since}`;
    return this.#ask('entries', 'GET', `/journal?limit=${limit}${behind}`);
  }

  async misses(): Promise<MissList> {
    return this.#ask('misses', 'GET', '/misses');
  }

  async unused(): Promise<UnusedList> {
    return this.#ask('unused', 'GET', '/unused');
  }

  async metrics(): Promise<string> {
    return this.#read('GET', '/metrics');
  }

  async #ask<T>(member: keyof T, method: string, path: string, content?: object): Promise<T> {
    const value = parsed(await this.#read(method, path, content));
    if (has<T>(value, member)) return value;
    throw this.#unreadable();
  }

  async #read(method: string, path: string, content?: object): Promise<string> {
    const told = await tell(this.#asking, method, path, content);
    if (told.status < 400) return told.content;
    const value = parsed(told.content);
    if (isRefusal(value)) throw new ControlError(value.error.code, value.error.message);
    throw this.#unreadable();
  }

  #unreadable(): ControlError {
    const message = `What answers at ${this.#asking.url} is no mock of calltape. Check the address.`;
    return new ControlError('CONTROL_UNREADABLE', message);
  }
}

/**
 * A client of the control API of a mock.
 *
 * @param url - As printed at the start of the mock, such as http://127.0.0.1:4882.
 * @param token - As printed there.
 * @param patienceMs - How long an answer may take, milliseconds.
 */
export function controlClient(
  url: string,
  token: string,
  patienceMs: number = PATIENCE_MS,
): ControlClient {
  return new HttpControlClient({ url, token, patienceMs });
}
