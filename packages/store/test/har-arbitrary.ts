import * as fc from 'fast-check';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type {
  Body,
  Exchange,
  HeaderLine,
  InterimResponse,
  RecordedRequest,
  RecordedResponse,
  Timings,
} from '../src/exchange.ts';

const ms = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0);
const maybeMs = fc.option(ms);

/** Node gives header values as Latin-1 text; nothing breaks when they hold more. */
const value = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constant('a=1; b=2'),
);
const name = fc.constantFrom(
  'Content-Type',
  'content-type',
  'Set-Cookie',
  'SET-COOKIE',
  'Cookie',
  'X-Empty',
  '__proto__',
  'constructor',
  ':authority',
  'Content-Length',
  'Transfer-Encoding',
);
const type = fc.constantFrom(
  'application/json',
  'text/plain; charset=iso-8859-1',
  'text/html; charset=utf-16',
  'image/png',
  'application/octet-stream',
  'text/plain',
);
const line = fc.oneof(
  fc.tuple(name, value),
  fc.tuple(fc.constant('Content-Type'), type),
) satisfies fc.Arbitrary<HeaderLine>;
const lines = fc.array(line, { maxLength: 6 });

const plain = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  fc.constant(Buffer.from('\uFEFFwith a mark')),
);

interface Content {
  readonly headers: HeaderLine[];
  readonly body: Body;
}

const encoders: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  '': (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
  gzipButIsNot: (bytes) => bytes,
  'br, gzip': (bytes) => gzipSync(brotliCompressSync(bytes)),
};

const content: fc.Arbitrary<Content> = fc
  .record({
    headers: lines,
    bytes: plain,
    coding: fc.constantFrom(...Object.keys(encoders)),
    keep: fc.option(fc.nat(40)),
    unseen: fc.nat(1000),
  })
  .map(({ headers, bytes, coding, keep, unseen }) => {
    const wire = new Uint8Array(encoders[coding]?.(bytes) ?? bytes);
    const kept = keep === null ? wire : wire.slice(0, keep);
    const label = coding === 'gzipButIsNot' ? 'gzip' : coding;
    const coded: HeaderLine[] = label === '' ? [] : [['Content-Encoding', label]];
    const size = keep === null ? wire.length : kept.length + unseen;
    return { headers: [...headers, ...coded], body: { bytes: kept, size } };
  });

const httpVersion = fc.constantFrom('1.0' as const, '1.1' as const, '2' as const);

const request: fc.Arbitrary<RecordedRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'DELETE', 'M-SEARCH', 'purge'),
    path: fc.webPath(),
    query: fc.webQueryParameters(),
    httpVersion,
    content,
    trailers: lines,
  })
  .map(({ path, query, content: { headers, body }, ...rest }) => ({
    method: rest.method,
    url: `https://api.example.com${path}?${query}`,
    httpVersion: rest.httpVersion,
    headers,
    body,
    trailers: rest.trailers,
  }));

const interim: fc.Arbitrary<InterimResponse> = fc.record({
  status: fc.constantFrom(100, 102, 103),
  statusText: fc.string(),
  headers: lines,
  atMs: ms,
});

const response: fc.Arbitrary<RecordedResponse> = fc
  .record({
    status: fc.integer({ min: 100, max: 999 }),
    statusText: fc.string(),
    httpVersion,
    content,
    trailers: lines,
    interim: fc.array(interim, { maxLength: 2 }),
    chunks: fc.array(fc.record({ atMs: ms, size: fc.nat() }), { maxLength: 3 }),
  })
  .map(({ content: { headers, body }, ...rest }) => ({ ...rest, headers, body }));

const timings: fc.Arbitrary<Timings> = fc.record({
  blocked: maybeMs,
  dns: maybeMs,
  connect: maybeMs,
  ssl: maybeMs,
  send: maybeMs,
  wait: maybeMs,
  receive: maybeMs,
});

/** Any exchange that a tape can hold. */
export const anyExchange: fc.Arbitrary<Exchange> = fc
  .record({
    id: fc.nat(),
    recording: fc.string(),
    source: fc.constantFrom('proxy' as const, 'mock' as const, 'har' as const, 'nock' as const),
    startedAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    request,
    response: fc.option(response),
    outcome: fc.constantFrom(
      'complete' as const,
      'aborted' as const,
      'truncated' as const,
      'error' as const,
      'interrupted' as const,
      'pending' as const,
    ),
    error: fc.option(fc.record({ type: fc.string(), message: fc.string() })),
    timings,
    durationMs: maybeMs,
    ttfbMs: maybeMs,
    peerAddress: fc.constantFrom(null, '127.0.0.1', '::1', '[::1]:443', '10.0.0.1:80'),
    fault: fc.option(fc.string()),
    retries: fc.nat(2),
  })
  .map((parts) => ({
    ...parts,
    endpoint: { method: parts.request.method, origin: 'https://api.example.com', template: '/' },
  }));
