import type { Origin } from './origin.ts';

/** What a client's connection leads to by its CONNECT (RFC 9110 section 9.3.6). */
export interface Tunnel {
  /** The origin that the requests in it are meant for. */
  readonly origin: Origin;
}
