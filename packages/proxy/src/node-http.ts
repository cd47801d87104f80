/**
 * node:http. Not imported: an import reads each of its exports, among them those that load all of
 * undici, 20 ms and 11 MB for every start.
 */
const http: typeof import('node:http') = process.getBuiltinModule('node:http');

export const createServer: typeof http.createServer = http.createServer;
export const IncomingMessage: typeof http.IncomingMessage = http.IncomingMessage;
export const STATUS_CODES: typeof http.STATUS_CODES = http.STATUS_CODES;

/** node:http2, loaded with the first client that speaks it. */
export function http2(): typeof import('node:http2') {
  return process.getBuiltinModule('node:http2');
}
