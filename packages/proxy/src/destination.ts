import type { TextShift } from '@calltape/store';
import type { IncomingRequest } from './client-side.ts';
import type { Failure } from './failure.ts';
import type { Tunnel } from './tunnel.ts';
import type { Upstream } from './upstream.ts';

/** Where one request goes and what the tape calls it. */
export interface Destination {
  readonly upstream: Upstream;
  /** The request target sent there. */
  readonly target: string;
  /** The absolute URL on the tape. */
  readonly url: string;
  /** The `Host` to send. */
  readonly authority: string;
  /** Send the client's `Host` instead, where there is one. */
  readonly keepHost: boolean;
  /**
   * The origin under which the client reaches the upstream; what the upstream says of its own place
   * is moved there. Null leaves it as it is.
   */
  readonly seenAs: string | null;
  /** What to do with the text of an answer's body; null leaves bodies as they are. */
  readonly shift: (() => TextShift) | null;
}

/** Decides where a request goes; a failure refuses it before it becomes a call. */
export type Routing = (request: IncomingRequest, tunnel: Tunnel | null) => Destination | Failure;
