import type { FlatHeaders } from '@calltape/store';

/** Clients that a mock tells apart, about: each of them sends a few different heads, over and over. */
const MOST = 8;

export interface MetHead {
  readonly headers: FlatHeaders;
  /** Whether a second request had it. */
  again: boolean;
}

function isSame(one: FlatHeaders, other: FlatHeaders): boolean {
  if (one.length !== other.length) return false;
  // Values differ sooner than names, and the last ones, such as lengths and ids, before the first.
  for (let at = one.length - 1; at >= 0; at -= 1) if (one[at] !== other[at]) return false;
  return true;
}

/** The heads of requests that came last. */
export class MetHeads {
  readonly #heads: MetHead[] = [];
  #next = 0;

  of(headers: FlatHeaders): MetHead {
    for (const head of this.#heads) {
      if (!isSame(head.headers, headers)) continue;
      head.again = true;
      return head;
    }
    const head = { headers, again: false };
    this.#heads[this.#next] = head;
    this.#next = (this.#next + 1) % MOST;
    return head;
  }
}
