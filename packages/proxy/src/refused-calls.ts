import { newDraft } from '@calltape/store';
import type { CallDraft, TapeWriter } from '@calltape/store';
import { versionOf } from './client-side.ts';
import type { IncomingRequest } from './client-side.ts';
import type { Failure } from './failure.ts';
import type { Origin } from './origin.ts';
import { recordTunnel } from './record-tunnel.ts';
import { pathOf } from './target.ts';
import type { Tunnel } from './tunnel.ts';

/** Rows that refused requests and tunnels may fill in a second; a flood of them must not fill the tape. */
const MOST_A_SECOND = 20;
const SECOND_MS = 1000;
/** What is kept of the field lines, characters. */
const MOST_FIELD_LENGTH = 8192;
const MOST_TARGET_LENGTH = 2048;
/** The request line as far as it can be one; of the rest nothing is kept. */
const REQUEST_LINE = /^(?<method>[A-Z]{1,20}) (?<target>[\x21-\x7e]{1,2048}) HTTP\/\d/;

/** What is known of a request that was refused. */
export interface RefusedRequest {
  readonly failure: Failure;
  /** Null where its head could not be read. */
  readonly request: IncomingRequest | null;
  /** The bytes that could not be read; null where there were none. */
  readonly raw: Buffer | null;
  /** Where the connection leads to; null for a request that was sent here directly. */
  readonly tunnel: Tunnel | null;
}

interface Known {
  readonly method: string;
  readonly target: string;
}

function knownOf({ request, raw }: RefusedRequest): Known {
  if (request !== null) return { method: request.method ?? '?', target: request.url ?? '' };
  const { method, target } =
    REQUEST_LINE.exec(raw?.toString('latin1', 0, 4096) ?? '')?.groups ?? {};
  return { method: method ?? '?', target: target ?? '' };
}

/** The first field lines, as many as there is room for. */
function firstFields(raw: readonly string[]): string[] {
  let room = MOST_FIELD_LENGTH;
  const end = raw.findIndex((text) => {
    room -= text.length;
    return room < 0;
  });
  return raw.slice(0, end === -1 ? raw.length : end - (end % 2));
}

/** Puts requests and tunnels that were refused, and so became no calls, on the tape all the same. */
export class RefusedCalls {
  readonly #writer: TapeWriter;
  #ownOrigin = 'http://localhost';
  #second = 0;
  #inSecond = 0;
  #unkept = 0;

  constructor(writer: TapeWriter) {
    this.#writer = writer;
  }

  /** How many have no row, because too many came at once. */
  get unkept(): number {
    return this.#unkept;
  }

  /** @param origin - Where the recorder accepts connections. */
  listening(origin: string): void {
    this.#ownOrigin = origin;
  }

  note(refused: RefusedRequest): void {
    if (!this.#admit()) return;
    const { method, target } = knownOf(refused);
    const draft = newDraft(method, this.#urlOf(target.slice(0, MOST_TARGET_LENGTH), refused));
    this.#fill(draft, refused);
    this.#writer.finish(draft);
  }

  /**
   * Notes a tunnel that would have been passed on unread and leads nowhere.
   *
   * @param durationMs - From the client's first byte in it to the failure.
   */
  noteTunnel(failure: Failure, to: Origin, durationMs: number): void {
    if (this.#admit()) recordTunnel(this.#writer, failure, to, durationMs);
  }

  #fill(draft: CallDraft, { failure, request }: RefusedRequest): void {
    if (request !== null) draft.headers = firstFields(request.rawHeaders);
    if (request !== null) draft.httpVersion = versionOf(request);
    draft.outcome = 'error';
    draft.errorType = failure.code;
    draft.errorMessage = failure.message;
    draft.durationMs = 0;
  }

  #urlOf(target: string, { tunnel }: RefusedRequest): string {
    if (/^https?:\/\/[^/?#]/i.test(target) && URL.canParse(target)) return target;
    const origin = tunnel?.origin.origin ?? this.#ownOrigin;
    return target.startsWith('/') ? origin + pathOf(target) : `${origin}/`;
  }

  #admit(): boolean {
    const second = Math.floor(performance.now() / SECOND_MS);
    if (second !== this.#second) this.#inSecond = 0;
    this.#second = second;
    this.#inSecond += 1;
    const isAdmitted = this.#inSecond <= MOST_A_SECOND;
    if (!isAdmitted) this.#unkept += 1;
    return isAdmitted;
  }
}
