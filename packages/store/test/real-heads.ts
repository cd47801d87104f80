import { randomBytes, randomUUID } from 'node:crypto';
import type { FlatHeaders } from '@calltape/store';

// Heads of an API behind a content delivery network, 1.5 KB a call, as its clients and servers send them.

const POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src 'self'; script-src 'self' 'report-sample'; style-src 'self'; worker-src 'none'; report-uri https://q.example.com/csp-violation?q=9aUXtBzO0q";

/** A request's head: only its trace is its own. */
export function requestHead(): FlatHeaders {
  return Object.entries({
    Host: 'api.example.com',
    Accept: 'application/json',
    'Accept-Encoding': 'gzip, deflate, br',
    'Accept-Language': 'en-GB,en;q=0.9,de;q=0.8',
    'User-Agent': 'example-node/14.21.0 (node 24.21.0; linux x64) NodeBindings',
    'X-Example-Client-User-Agent':
      '{"bindings_version":"14.21.0","lang":"node","lang_version":"v24.21.0","platform":"linux"}',
    'Example-Version': '2026-10-28.acacia',
    Authorization: 'Bearer sk_test_51HqLyjWDarjtT1zdp7dc4eC3',
    Connection: 'keep-alive',
    Traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
  }).flat();
}

/** An answer's head: date, ids, tag and counts are its own. */
export function responseHead(n: number, length: number): FlatHeaders {
  return Object.entries({
    Server: 'nginx',
    // One call a second: no two have the same.
    Date: new Date(Date.UTC(2026, 10, 24) + n * 1000).toUTCString(),
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(length),
    Connection: 'keep-alive',
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': 'GET, HEAD, PUT, PATCH, POST, DELETE',
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'Request-Id, Example-Manage-Version, X-Rate-Limited',
    'Access-Control-Max-Age': '300',
    'Cache-Control': 'no-cache, no-store',
    'Content-Security-Policy': POLICY,
    Etag: `W/"${randomBytes(16).toString('hex')}"`,
    'Example-Version': '2026-10-28.acacia',
    'Ratelimit-Remaining': String(100 - (n % 100)),
    'Request-Id': `req_${randomBytes(10).toString('hex')}`,
    'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
    Vary: 'Origin, Accept-Encoding',
    'X-Request-Id': randomUUID(),
    'X-Wc': 'ABGHI',
  }).flat();
}
