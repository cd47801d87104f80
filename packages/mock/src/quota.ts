import type { SharedCounts } from './shared-counts.ts';

/** How many requests a rule lets pass in a time. */
export interface Quota {
  readonly limit: number;
  readonly windowMs: number;
  /** Counted for each endpoint by itself, not for all requests that the rule is about. */
  readonly perEndpoint: boolean;
}

/** Where a quota stands when a request comes, that request counted. */
export interface QuotaState {
  /** Requests of the present window, this one included. */
  readonly used: number;
  /** Milliseconds until the next window. */
  readonly resetMs: number;
}

/** A window of time, and what was counted in it. */
interface Window {
  readonly used: number;
  readonly startedMs: number;
}

/** Counts requests in windows of equal length; the first begins with the first request. */
export interface QuotaCount {
  count(nowMs: number): QuotaState;
}

/** The window at a moment, which may be a new one. Another thread may have begun it just after. */
function windowAt({ used, startedMs }: Window, { windowMs }: Quota, nowMs: number): Window {
  const isOver = used === 0 || nowMs >= startedMs + windowMs;
  return isOver ? { used: 1, startedMs: nowMs } : { used: used + 1, startedMs };
}

function stateOf({ used, startedMs }: Window, { windowMs }: Quota, nowMs: number): QuotaState {
  return { used, resetMs: startedMs + windowMs - Math.max(startedMs, nowMs) };
}

/** The count of one thread alone. */
export class QuotaWindow implements QuotaCount {
  readonly #quota: Quota;
  #window: Window = { used: 0, startedMs: 0 };

  constructor(quota: Quota) {
    this.#quota = quota;
  }

  count(nowMs: number): QuotaState {
    this.#window = windowAt(this.#window, this.#quota, nowMs);
    return stateOf(this.#window, this.#quota, nowMs);
  }
}

/** The count of several threads, in memory that they share. */
export class SharedQuota implements QuotaCount {
  readonly #quota: Quota;
  readonly #counts: SharedCounts;
  readonly #key: string;
  readonly #era: number;

  constructor(quota: Quota, counts: SharedCounts, key: string, era: number) {
    this.#quota = quota;
    this.#counts = counts;
    this.#key = key;
    this.#era = era;
  }

  count(nowMs: number): QuotaState {
    return this.#counts.exclusively(this.#key, () => {
      const { n, atMs } = this.#counts.read(this.#key, this.#era);
      const window = windowAt({ used: n, startedMs: atMs }, this.#quota, nowMs);
      const { used, startedMs } = window;
      this.#counts.write(this.#key, { n: used, fired: 0, atMs: startedMs }, this.#era);
      return stateOf(window, this.#quota, nowMs);
    });
  }
}
