import type { Socket } from 'node:net';
import { toLines } from '@calltape/store';
import { withoutField } from './flat-headers.ts';
import { resetRaw, writeRaw } from './raw-socket.ts';
import type { EndStep, HeadStep, InterimStep, Plan, Step } from './step.ts';
import type { PassedEnd, VisitResponse } from './visit.ts';

/**
 * How a performance came to its end. `complete`: everything was sent. `closed`, `reset`: as the
 * plan said. `left`: the client went first. `stopped`: the mock was closed. `passed`: the real API gives
 * the answer.
 */
export type Ending = 'complete' | 'closed' | 'reset' | 'left' | 'stopped' | 'passed';

/** Where a plan is played. */
export interface Stage {
  readonly response: VisitResponse;
  /** The socket that the request came on; null for a stream of HTTP/2, which shares one. */
  readonly raw: Socket | null;
  readonly http10: boolean;
  /** Has the real API answer. */
  readonly pass: () => void;
  /** Is told each step as it is done, and the end. */
  readonly watcher: Watcher | null;
  /** Is told what went wrong in a step that was taken later. */
  readonly failed: (error: unknown) => void;
}

/** Whoever wants to know what really went onto the wire. */
export interface Watcher {
  readonly done: (step: Step) => void;
  /** @param passed - What became of a call that passed, where that is known. */
  readonly ended: (ending: Ending, passed: PassedEnd | null) => void;
}

const NOTHING = Buffer.alloc(0);

/** Timers count whole milliseconds. */
const SHORTEST_WAIT_MS = 0.5;

/**
 * A reset throws away what the client has not read yet (on some systems also what has arrived), so
 * bytes that it is meant to see get this long to be read.
 */
const BEFORE_RESET_MS = 20;

/** node:http joins a text to the head and writes both at once, where bytes take a second write. */
const ONE_WRITE_BYTES = 16 * 1024;

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** HTTP/1.0 has no chunked coding: there the end of the connection is the end of the content. */
function forHttp10(head: HeadStep): HeadStep {
  if (head.framing !== 'chunked') return head;
  const headers = withoutField(withoutField(head.headers, 'transfer-encoding'), 'trailer');
  return { ...head, headers: [...headers, 'Connection', 'close'], framing: 'close' };
}

function writeHead({ response, http10 }: Stage, planned: HeadStep): void {
  const head = http10 ? forHttp10(planned) : planned;
  // Node adds fields of its own unless they count as removed. Persistence is HTTP/1.1's default
  // and needs no field (RFC 9112 section 9.3).
  response.sendDate = false;
  if (response.shouldKeepAlive && !http10) response.removeHeader('connection');
  if (head.framing === 'close') {
    response.removeHeader('content-length');
    response.removeHeader('transfer-encoding');
  }
  response.writeHead(head.status, head.statusText, [...head.headers]);
}

/** Pushes the head out without content. `flushHeaders` would re-encode obs-text as UTF-8. */
function flushHead(response: VisitResponse, head: HeadStep): void {
  if (head.framing === 'none') response.flushHeaders();
  else response.write(NOTHING);
}

function writeInterim({ response, raw, http10 }: Stage, step: InterimStep): void {
  // RFC 9110 section 15.2: HTTP/1.0 has no 1xx.
  if (http10) return;
  // node:http has reason phrases of its own. A response without a socket waits for those before it.
  const isOpen = raw !== null && response.socket !== null && !response.headersSent;
  if (isOpen) raw.write(interimHead(step), 'latin1');
  else response.writeInformation(step.status, [...step.headers]);
}

function interimHead({ status, statusText, headers }: InterimStep): string {
  const lines = toLines(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${statusText}\r\n${lines.join('')}\r\n`;
}

function writeEnd(response: VisitResponse, { trailers }: EndStep): void {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < trailers.length; at += 2) {
    pairs.push([trailers[at] ?? '', trailers[at + 1] ?? '']);
  }
  if (pairs.length > 0) response.addTrailers(pairs);
  response.end();
}

/** Breaks off a response, and its connection where that is its own. */
export function cut({ response, raw }: Pick<Stage, 'response' | 'raw'>): void {
  if (raw === null) response.destroy();
  else raw.destroy();
}

/** A plan on its way to a client. */
export class Delivery {
  #plan: Plan;
  readonly #stage: Stage;
  /** When the first wait began, which nothing that takes time comes before. */
  #startedAt = 0;
  #next = 0;
  #dueMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #ending: Ending | null = null;
  #isOver = false;

  constructor(plan: Plan, stage: Stage) {
    this.#plan = plan;
    this.#stage = stage;
  }

  /** Plays up to the end or to the next step that takes time, and on from there by itself. */
  play(): void {
    for (let step = this.#plan[this.#next]; step !== undefined; step = this.#plan[this.#next]) {
      this.#next += 1;
      const goesOn = this.#act(step);
      this.#stage.watcher?.done(step);
      if (!goesOn) return;
    }
  }

  /**
   * Plays what has come of an answer that was passed on, and on from where the last of it ended.
   *
   * @param answer - All that has come of it; what was there the last time stays what it was.
   */
  goOn(answer: Plan): void {
    if (this.#isOver) return;
    const isDry = this.#timer === null && this.#next === this.#plan.length;
    if (this.#ending === 'passed') {
      this.#ending = null;
      this.#next = 0;
    }
    this.#plan = answer;
    if (!isDry) return;
    // Time that the answer took by itself is not made up for.
    this.#dueMs = 0;
    this.#resume();
  }

  /** Whether nothing but the client's leaving can end this. */
  get hangs(): boolean {
    return this.#plan[this.#next - 1]?.kind === 'hang';
  }

  /**
   * The response has been closed: notes how it ended and plays nothing more.
   *
   * @param passed - What is known of a call that passed.
   */
  closed(passed: PassedEnd | null = null): void {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#next = this.#plan.length;
    const { writableFinished } = this.#stage.response;
    this.#ending ??= writableFinished ? 'complete' : 'left';
    this.#stage.watcher?.ended(this.#ending, this.#ending === 'passed' ? passed : null);
  }

  /** Cuts the connection, since the mock is being closed. */
  stop(): void {
    this.#ending ??= 'stopped';
    cut(this.#stage);
  }

  /** Takes one step; false when the next one has to wait. */
  #act(step: Step): boolean {
    switch (step.kind) {
      case 'wait':
        return this.#wait(step.ms);
      case 'hang':
        return false;
      case 'close':
        this.#ending = 'closed';
        this.#stage.response.socket?.destroySoon();
        return false;
      case 'pass':
        this.#ending = 'passed';
        this.#stage.pass();
        return false;
      case 'reset':
        this.#ending = 'reset';
        this.#reset();
        return false;
      case 'interim':
        writeInterim(this.#stage, step);
        break;
      case 'head':
        this.#head(step);
        break;
      case 'chunk':
        this.#write(step.bytes);
        break;
      case 'raw':
        writeRaw(this.#stage.raw, step);
        break;
      case 'end':
        writeEnd(this.#stage.response, step);
        break;
    }
    return true;
  }

  #head(step: HeadStep): void {
    writeHead(this.#stage, step);
    if (!this.#contentFollows()) flushHead(this.#stage.response, step);
  }

  #contentFollows(): boolean {
    const kind = this.#plan[this.#next]?.kind;
    return kind === 'chunk' || kind === 'end';
  }

  /** The last content goes out with the end, in one packet where it fits. */
  #write(bytes: Uint8Array): void {
    const { response, watcher } = this.#stage;
    const end = this.#plan[this.#next];
    if (end?.kind !== 'end' || end.trailers.length > 0) {
      response.write(bytes);
      return;
    }
    this.#next += 1;
    if (bytes.length > ONE_WRITE_BYTES) response.end(bytes);
    else response.end(latin1(bytes), 'latin1');
    watcher?.done(end);
  }

  /** Waits are reckoned from the start, so that the lateness of timers does not add up. */
  #wait(ms: number): boolean {
    if (this.#dueMs === 0) this.#startedAt = performance.now();
    this.#dueMs += ms;
    const delayMs = this.#dueMs - (performance.now() - this.#startedAt);
    if (delayMs < SHORTEST_WAIT_MS) return true;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#resume();
    }, delayMs);
    return false;
  }

  #resume(): void {
    try {
      this.play();
    } catch (error) {
      this.#stage.failed(error);
    }
  }

  #reset(): void {
    const { response, raw } = this.#stage;
    const strike = () => void (raw === null ? response.destroy() : resetRaw(raw));
    if (!response.headersSent) {
      strike();
      return;
    }
    // Called back when the kernel has taken what was written before.
    response.write(NOTHING, () => {
      this.#timer = setTimeout(strike, BEFORE_RESET_MS);
    });
  }
}
