import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HeadScan } from './head-scan.ts';

/**
 * What answers a request that the listener has found valid. It owns both messages from here on: it
 * reads the request to its end, and it ends or destroys the response.
 */
export type Answer = (request: IncomingMessage, response: ServerResponse, head: HeadScan) => void;
