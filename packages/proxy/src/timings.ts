import type { DraftTimings } from '@calltape/store';

/** Moments of a call, in milliseconds since it started; NaN for what has not happened. */
export interface Marks {
  /** A connection was there for the request, open or about to be opened. */
  assigned: number;
  looked: number;
  connected: number;
  secured: number;
  /** The last byte of the request was handed to the network. */
  sent: number;
  /** The response head was there. */
  head: number;
  /** The last byte of the response was there, or the call had failed. */
  ended: number;
}

export function noMarks(): Marks {
  return {
    assigned: Number.NaN,
    looked: Number.NaN,
    connected: Number.NaN,
    secured: Number.NaN,
    sent: Number.NaN,
    head: Number.NaN,
    ended: Number.NaN,
  };
}

/** From one mark to the next, three decimals; null where either is missing. */
function between(from: number, to: number): number | null {
  const span = to - from;
  return Number.isNaN(span) ? null : Math.max(0, Math.round(span * 1000) / 1000);
}

function orElse(mark: number, other: number): number {
  return Number.isNaN(mark) ? other : mark;
}

/**
 * HAR 1.2 phases. They follow each other without a gap, so their sum (`ssl` is part of `connect`)
 * is the time of a complete call. `send` ends with the response head when an answer comes before
 * the request is out.
 */
export function timingsOf(marks: Marks): DraftTimings {
  const { assigned, looked, connected, secured, sent, head, ended } = marks;
  const ready = orElse(secured, orElse(connected, assigned));
  const out = head < sent || Number.isNaN(sent) ? head : sent;
  return {
    blocked: between(0, assigned),
    dns: between(assigned, looked),
    connect: between(orElse(looked, assigned), orElse(secured, connected)),
    ssl: between(connected, secured),
    send: between(ready, orElse(out, sent)),
    wait: between(out, head),
    receive: between(head, ended),
  };
}
