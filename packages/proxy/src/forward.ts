import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { HeadScan } from './head-scan.ts';
import { Relay } from './relay.ts';
import type { Route } from './route.ts';

/** The answer that a recording proxy gives: the upstream's, noted as it passes. */
export function forwarder(route: Route): Answer {
  return (request: IncomingMessage, response: ServerResponse, head: HeadScan): void => {
    new Relay(route, request, response, head).begin();
  };
}
