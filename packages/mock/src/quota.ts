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

/** Counts requests in windows of equal length; the first begins with the first request. */
export class QuotaWindow {
  readonly #windowMs: number;
  #startedMs = Number.NEGATIVE_INFINITY;
  #used = 0;

  constructor({ windowMs }: Quota) {
    this.#windowMs = windowMs;
  }

  count(nowMs: number): QuotaState {
    if (nowMs >= this.#startedMs + this.#windowMs) {
      this.#startedMs = nowMs;
      this.#used = 0;
    }
    this.#used += 1;
    return { used: this.#used, resetMs: this.#startedMs + this.#windowMs - nowMs };
  }
}
