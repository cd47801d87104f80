import type { Origin } from './origin.ts';

/** What a client's connection leads to: by its CONNECT (RFC 9110 section 9.3.6), or by TLS. */
export interface Tunnel {
  /** The origin that the requests in it are meant for. */
  readonly origin: Origin;
  /**
   * The client took us for that origin and so named no port but in the `Host` of its requests, which
   * then decides.
   */
  readonly portFromHost: boolean;
}
