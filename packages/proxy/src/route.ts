import type { Upstream } from './upstream.ts';

/** A path prefix and the upstream that the calls below it go to. */
export interface Route {
  /** Begins with `/` and does not end with one; empty for all calls. */
  readonly prefix: string;
  readonly upstream: Upstream;
}
