/**
 * node:http. Not imported: an import reads each of its exports, among them those that load all of
 * undici, 20 ms and 11 MB for every start.
 */
const http: typeof import('node:http') = process.getBuiltinModule('node:http');

export const Agent: typeof http.Agent = http.Agent;
export const METHODS: typeof http.METHODS = http.METHODS;
export const STATUS_CODES: typeof http.STATUS_CODES = http.STATUS_CODES;
export const ServerResponse: typeof http.ServerResponse = http.ServerResponse;
export const createServer: typeof http.createServer = http.createServer;
export const request: typeof http.request = http.request;
export const validateHeaderName: typeof http.validateHeaderName = http.validateHeaderName;
export const validateHeaderValue: typeof http.validateHeaderValue = http.validateHeaderValue;
