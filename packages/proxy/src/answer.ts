import type { IncomingMessage } from 'node:http';
import type { ClientResponse, IncomingRequest } from './client-side.ts';
import type { Failure } from './failure.ts';
import type { HeadScan } from './head-scan.ts';
import type { Tunnel } from './tunnel.ts';

/**
 * What answers a request that the listener has found valid. It owns both messages from here on: it
 * reads the request to its end, and it ends or destroys the response. When it returns a failure it
 * has done nothing, and the listener refuses the request with it.
 *
 * @param tunnel - Where the connection leads to; null for a request that was sent here directly.
 */
export type Answer = (
  request: IncomingRequest,
  response: ClientResponse,
  head: HeadScan,
  tunnel: Tunnel | null,
) => Failure | null;

/**
 * What answers the opening handshake of a WebSocket. It owns the connection from here on, and reads
 * `behind` before anything else of it. When it returns a failure it has done nothing, and the listener
 * refuses the handshake with it.
 *
 * @param behind - What was read of the connection behind the handshake.
 */
export type UpgradeAnswer = (
  request: IncomingMessage,
  behind: Buffer,
  head: HeadScan,
  tunnel: Tunnel | null,
) => Failure | null;
