import { validateHeaderName, validateHeaderValue } from './node-http.ts';
import type { HeaderLine } from '@calltape/store';
import { headFields, isBodiless } from './framing.ts';
import type { LatencyMode } from './latency-mode.ts';
import type { Framing, Plan, Step, WaitStep } from './step.ts';

/** An answer that was described, not recorded. */
export interface DescribedAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array;
}

/** Content in pieces over some time. */
export interface Dribble {
  readonly pieces: number;
  /** Milliseconds from the head to the last piece. */
  readonly totalMs: number;
}

/** A wait that a description asks for, under a latency mode: `none` leaves it as it is. */
export function describedWait(ms: number, latency: LatencyMode): readonly WaitStep[] {
  const factor = latency.kind === 'recorded' ? latency.factor : 1;
  const waited = latency.kind === 'fixed' ? latency.ms : ms * factor;
  return waited > 0 ? [{ kind: 'wait', ms: waited }] : [];
}

/** Why a field cannot be sent; undefined when it can. */
export function unsendable(name: string, value: string): string | undefined {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return undefined;
  } catch {
    return `the header field ${JSON.stringify(name)} has characters that HTTP/1.1 cannot carry`;
  }
}

function framingFor(method: string, { status, headers }: DescribedAnswer): Framing {
  if (isBodiless(method, status)) return 'none';
  const isChunked = headers.some(([name]) => name.toLowerCase() === 'transfer-encoding');
  return isChunked ? 'chunked' : 'length';
}

function dribbled(body: Uint8Array, { pieces, totalMs }: Dribble): Step[] {
  const size = Math.max(1, Math.ceil(body.length / pieces));
  const steps: Step[] = [];
  for (let at = 0; at < body.length; at += size) {
    steps.push({ kind: 'wait', ms: totalMs / pieces });
    steps.push({ kind: 'chunk', bytes: body.subarray(at, at + size) });
  }
  return steps;
}

function contentOf(body: Uint8Array, dribble: Dribble | undefined): Step[] {
  if (body.length === 0) return [];
  return dribble === undefined ? [{ kind: 'chunk', bytes: body }] : dribbled(body, dribble);
}

/** What a described answer looks like on the wire. */
export function describedPlan(method: string, answer: DescribedAnswer, dribble?: Dribble): Plan {
  const { status, statusText, body } = answer;
  const framing = framingFor(method, answer);
  const headers = headFields(answer.headers, { framing, status, length: body.length });
  return [
    { kind: 'head', status, statusText, headers, framing },
    ...(framing === 'none' ? [] : contentOf(body, dribble)),
    { kind: 'end', trailers: [] },
  ];
}
