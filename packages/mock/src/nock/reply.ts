import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { MockError } from '../errors.ts';
import type { ChunkStep, CloseStep, HeadStep, Plan, ResetStep, Step } from '../step.ts';

/** Status, content and flat header fields, as nock takes them. */
export type Reply = readonly [status: number, content: Buffer | Readable | undefined, string[]];

/** Timers count whole milliseconds. */
const SHORTEST_WAIT_MS = 0.5;

/** Errors as node:http reports them. */
function resetError(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
}

function hangUpError(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

function stopped(): MockError {
  return new MockError('MOCK_STOPPED', 'The mock was stopped before the answer was whole.');
}

/** Time in one answer; waits are reckoned from its start, so that lateness does not add up. */
class Clock {
  readonly #startedAt = performance.now();
  readonly #signal: AbortSignal;
  #dueMs = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async wait(ms: number): Promise<void> {
    this.#dueMs += ms;
    const delayMs = this.#dueMs - (performance.now() - this.#startedAt);
    if (delayMs < SHORTEST_WAIT_MS) return;
    await sleep(delayMs, undefined, { signal: this.#signal }).catch(() => {
      throw stopped();
    });
  }

  /** Until the mock is stopped. */
  async forever(): Promise<never> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#signal.aborted) resolve();
    this.#signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    throw stopped();
  }
}

/** What a client sees when the connection ends at this step; null where it should end there. */
function endOf(step: CloseStep | ResetStep, head: HeadStep | null): Error | null {
  if (step.kind === 'reset') return resetError();
  return head?.framing === 'close' ? null : hangUpError();
}

/** Takes a step that takes time or ends the answer; there is no place for others in a Response. */
async function endure(step: Step, head: HeadStep | null, clock: Clock): Promise<void> {
  if (step.kind === 'wait') await clock.wait(step.ms);
  else if (step.kind === 'hang') await clock.forever();
  else if (step.kind === 'close' || step.kind === 'reset') {
    const error = endOf(step, head);
    if (error !== null) throw error;
  }
}

async function* contentOf(
  steps: readonly Step[],
  head: HeadStep,
  clock: Clock,
): AsyncGenerator<Buffer> {
  for (const step of steps) {
    if (step.kind === 'chunk') yield bufferOf(step);
    else await endure(step, head, clock);
  }
}

function bufferOf({ bytes }: ChunkStep): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function bodyOf(steps: readonly Step[], head: HeadStep, clock: Clock): Reply[1] {
  if (head.framing === 'none') return undefined;
  const [first, second] = steps;
  // The usual answer needs no stream.
  if (first?.kind === 'end') return undefined;
  if (first?.kind === 'chunk' && second?.kind === 'end') return bufferOf(first);
  return Readable.from(contentOf(steps, head, clock));
}

/**
 * Carries a plan out for nock, which `planForNock` has let pass: waits, and then gives what nock
 * is to answer, or throws the error that the client is to see.
 */
export async function replyOf(plan: Plan, signal: AbortSignal): Promise<Reply> {
  const clock = new Clock(signal);
  for (const [at, step] of plan.entries()) {
    if (step.kind === 'head') {
      return [step.status, bodyOf(plan.slice(at + 1), step, clock), [...step.headers]];
    }
    await endure(step, null, clock);
  }
  throw hangUpError();
}
