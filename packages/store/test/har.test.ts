import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openTape, openWriter } from '@calltape/store';
import * as fc from 'fast-check';
import type { Har } from 'har-format';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CallDraft, DraftBody } from '../src/draft.ts';
import { newDraft } from '../src/draft.ts';
import { TapeError } from '../src/errors.ts';
import type { Body, Exchange, HeaderLine } from '../src/exchange.ts';
import { toHar } from '../src/har-export.ts';
import { parseHar } from '../src/har-import.ts';
import type { HarEntry } from '../src/har-types.ts';
import { toFlat } from '../src/headers.ts';
import { anyExchange } from './har-arbitrary.ts';

const json = (exchanges: Iterable<Exchange>): string => [...toHar(exchanges)].join('');

function entryOf(exchange: Exchange): HarEntry {
  const har: { log: { entries: HarEntry[] } } = JSON.parse(json([exchange]));
  const [entry] = har.log.entries;
  if (entry === undefined) throw new Error('no entry');
  return entry;
}

function draftBody({ bytes, size }: Body): DraftBody {
  return { pieces: bytes.length === 0 ? [] : [Buffer.from(bytes)], size, hash: null };
}

/** What a recorder would have handed to the writer for this exchange. */
function draftOf(exchange: Exchange): CallDraft {
  const { request, response, error } = exchange;
  return {
    startedAt: exchange.startedAt,
    method: request.method,
    url: request.url,
    httpVersion: request.httpVersion,
    headers: toFlat(request.headers),
    body: draftBody(request.body),
    trailers: toFlat(request.trailers),
    response:
      response === null
        ? null
        : {
            status: response.status,
            statusText: response.statusText,
            httpVersion: response.httpVersion,
            headers: toFlat(response.headers),
            body: draftBody(response.body),
            trailers: toFlat(response.trailers),
            interim: response.interim.map((one) => ({ ...one, headers: toFlat(one.headers) })),
            chunks: response.chunks.flatMap(({ atMs, size }) => [atMs, size]),
          },
    outcome: exchange.outcome,
    errorType: error?.type ?? null,
    errorMessage: error?.message ?? null,
    timings: exchange.timings,
    durationMs: exchange.durationMs,
    ttfbMs: exchange.ttfbMs,
    peerAddress: exchange.peerAddress,
    fault: exchange.fault,
    retries: exchange.retries,
    slot: -1,
    repeats: null,
  };
}

const call: Exchange = {
  id: 1,
  recording: 'first',
  source: 'proxy',
  startedAt: Date.UTC(2026, 10, 22, 9, 30, 0, 5),
  endpoint: { method: 'POST', origin: 'https://api.example.com', template: '/v1/charges' },
  request: {
    method: 'POST',
    url: 'https://api.example.com/v1/charges?expand=a%20b&expand=c',
    httpVersion: '1.1',
    headers: [
      ['Host', 'api.example.com'],
      ['Cookie', 'session=abc; theme=dark=blue'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ],
    body: { bytes: Buffer.from('amount=100'), size: 10 },
    trailers: [],
  },
  response: {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: [
      ['Content-Type', 'application/json'],
      ['Set-Cookie', 'id=1; Path=/; HttpOnly; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
      ['set-cookie', 'b=2; Domain=example.com; Secure'],
    ],
    body: { bytes: Buffer.from('{"ok":true}'), size: 11 },
    trailers: [],
    interim: [],
    chunks: [],
  },
  outcome: 'complete',
  error: null,
  timings: {
    blocked: 1,
    dns: null,
    connect: 20,
    ssl: 12,
    send: 0.5,
    wait: 30,
    receive: 2,
  },
  durationMs: 54.25,
  ttfbMs: 51.5,
  peerAddress: '93.184.216.34',
  fault: null,
  retries: 0,
};

function withAnswer(headers: HeaderLine[], body: Body): Exchange {
  const { response } = call;
  return { ...call, response: response === null ? null : { ...response, headers, body } };
}

test('any exchange comes back as the draft it was recorded from', () => {
  fc.assert(
    fc.property(fc.array(anyExchange, { maxLength: 3 }), (exchanges) => {
      expect(parseHar(json(exchanges), 'any.har')).toEqual(exchanges.map(draftOf));
    }),
    { numRuns: 300 },
  );
});

test('draft to tape to HAR to draft is stable', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-har-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const exchanges = fc.sample(anyExchange, { numRuns: 60, seed: 7 });
  const drafts = exchanges.map(draftOf).filter((draft) => draft.outcome !== 'pending');
  let current = drafts;
  const rounds: CallDraft[][] = [];
  for (const round of [1, 2]) {
    const file = join(folder, `${round}.tape`);
    const writer = await openWriter(file, { name: 'r', source: 'har' }, { redact: false });
    for (const draft of current) writer.finish(draft);
    await writer.close();
    const tape = openTape(file);
    current = parseHar(json(tape.exchanges()), 'tape.har');
    tape.close();
    rounds.push(current);
  }
  expect(rounds[0]).toEqual(drafts);
  expect(rounds[1]).toEqual(rounds[0]);
});

describe('what is written', () => {
  test('is HAR 1.2 with every required field', () => {
    const har: Har = JSON.parse(json([call]));
    expect(har.log).toMatchObject({ version: '1.2', creator: { name: 'calltape' } });
    expect(har.log.creator.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(har.log.entries[0]).toMatchObject({
      startedDateTime: '2026-11-22T09:30:00.005Z',
      serverIPAddress: '93.184.216.34',
      cache: {},
      request: {
        method: 'POST',
        httpVersion: 'HTTP/1.1',
        headersSize: -1,
        bodySize: 10,
        postData: { mimeType: 'application/x-www-form-urlencoded', text: 'amount=100' },
        queryString: [
          { name: 'expand', value: 'a b' },
          { name: 'expand', value: 'c' },
        ],
      },
      response: { status: 200, statusText: 'OK', redirectURL: '', headersSize: -1, bodySize: 11 },
    });
  });

  test('comes in one piece an entry', () => {
    const pieces = [...toHar([call, call, call])];
    expect(pieces).toHaveLength(5);
    expect(JSON.parse([...toHar([])].join(''))).toMatchObject({ log: { entries: [] } });
  });

  test('reads no exchange before its turn', () => {
    let taken = 0;
    const source = (function* exchanges() {
      for (; taken < 100; taken += 1) yield call;
    })();
    const pieces = toHar(source);
    pieces.next();
    expect(taken).toBe(0);
    pieces.next();
    pieces.next();
    expect(taken).toBe(1);
  });

  test('has -1 for phases that did not apply, and a time that leaves ssl and -1 out', () => {
    const { timings, time } = entryOf(call);
    expect(timings).toEqual({
      blocked: 1,
      dns: -1,
      connect: 20,
      ssl: 12,
      send: 0.5,
      wait: 30,
      receive: 2,
    });
    expect(time).toBeCloseTo(53.5);
  });

  test('never has a negative send, wait or receive', () => {
    const timings = { ...call.timings, send: null, wait: null, receive: null };
    expect(entryOf({ ...call, timings }).timings).toMatchObject({ send: 0, wait: 0, receive: 0 });
  });

  test('takes request cookies from Cookie and response cookies from Set-Cookie', () => {
    const { request, response } = entryOf(call);
    expect(request.cookies).toEqual([
      { name: 'session', value: 'abc' },
      { name: 'theme', value: 'dark=blue' },
    ]);
    expect(response.cookies).toEqual([
      {
        name: 'id',
        value: '1',
        path: '/',
        httpOnly: true,
        secure: false,
        expires: '2026-10-21T07:28:00.000Z',
      },
      { name: 'b', value: '2', domain: 'example.com', httpOnly: false, secure: true },
    ]);
  });

  test('has decoded text, the decoded size in content and the wire size in bodySize', () => {
    const text = JSON.stringify({ list: 'abc'.repeat(500) });
    const wire = gzipSync(text);
    const headers: HeaderLine[] = [
      ['content-type', 'application/json'],
      ['content-encoding', 'gzip'],
    ];
    const { response } = entryOf(withAnswer(headers, { bytes: wire, size: wire.length }));
    expect(response.content).toEqual({
      size: text.length,
      compression: text.length - wire.length,
      mimeType: 'application/json',
      text,
    });
    expect(response.bodySize).toBe(wire.length);
    expect(response).toHaveProperty('_bodyBase64', wire.toString('base64'));
  });

  test('has binary content as base64, once', () => {
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]);
    const { response } = entryOf(withAnswer([['Content-Type', 'image/png']], { bytes, size: 5 }));
    expect(response.content).toMatchObject({ text: bytes.toString('base64'), encoding: 'base64' });
    expect(response).not.toHaveProperty('_bodyBase64');
  });

  test('has a binary request body in a private field', () => {
    const bytes = Buffer.from([0xff, 0xfe - 1, 0x00]);
    const request = { ...call.request, headers: [], body: { bytes, size: 3 } };
    const entry = entryOf({ ...call, request });
    expect(entry.request.postData).toEqual({ mimeType: '', text: '' });
    expect(entry.request).toHaveProperty('_bodyBase64', bytes.toString('base64'));
  });

  test('says what is missing of a cut body', () => {
    const { response } = entryOf(withAnswer([], { bytes: Buffer.from('abc'), size: 5000 }));
    expect(response.bodySize).toBe(5000);
    expect(response.content).toMatchObject({ size: 5000, text: 'abc' });
    expect(response.content.comment).toContain('first 3 of 5000');
  });

  test('has status 0 and the reason for a call without an answer', () => {
    const error = { type: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' };
    const entry = entryOf({ ...call, response: null, outcome: 'error', error });
    expect(entry.response).toMatchObject({ status: 0, bodySize: -1, _error: error.message });
    expect(entry).toMatchObject({ _outcome: 'error', _errorType: 'ECONNREFUSED' });
  });
});

interface LooseEntry {
  [field: string]: unknown;
}

/** An entry as a browser would write it. */
function foreign(entry: LooseEntry): string {
  const entries = [
    {
      startedDateTime: '2026-11-22T10:30:00.5+01:00',
      time: 12,
      request: { method: 'GET', url: 'https://api.example.com/a', headers: [] },
      response: { status: 200, statusText: '', headers: [], content: {} },
      timings: {},
      ...entry,
    },
  ];
  return JSON.stringify({ log: { version: '1.2', entries } });
}

function read(entry: LooseEntry): CallDraft {
  const [draft] = parseHar(foreign(entry), 'browser.har');
  if (draft === undefined) throw new Error('no draft');
  return draft;
}

const text = (body: DraftBody | undefined): string => Buffer.concat(body?.pieces ?? []).toString();

const post = (postData: unknown, type = ''): CallDraft =>
  read({
    request: {
      method: 'POST',
      url: 'https://api.example.com/a',
      headers: type === '' ? [] : [{ name: 'Content-Type', value: type }],
      postData,
    },
  });
const requestTo = (url: string): LooseEntry => ({ request: { method: 'GET', url } });
describe("other tools' HARs", () => {
  test('the least that an entry can have is enough', () => {
    expect(read({ timings: null, time: null, response: null, cache: null })).toEqual({
      ...newDraft('GET', 'https://api.example.com/a'),
      startedAt: Date.UTC(2026, 10, 22, 9, 30, 0, 500),
      outcome: 'error',
      errorType: 'NO_RESPONSE',
      errorMessage: expect.stringContaining('no answer'),
    });
    const bare = { request: { method: 'GET', url: 'http://h/', headers: null, postData: null } };
    expect(read(bare)).toMatchObject({ headers: [], outcome: 'complete' });
  });

  test('a byte order mark is no matter', () => {
    expect(parseHar(`\uFEFF${foreign({})}`, 'x.har')).toHaveLength(1);
  });

  test("Chrome's HTTP/2 entries get a Host and lose pseudo headers and brackets", () => {
    const draft = read({
      serverIPAddress: '[2606:4700::1]',
      request: {
        method: 'GET',
        url: 'https://api.example.com/a#part',
        httpVersion: 'http/2.0',
        headers: [
          { name: ':authority', value: 'api.example.com' },
          { name: ':method', value: 'GET' },
          { name: 'accept', value: '*/*' },
        ],
      },
      response: {
        status: 200,
        statusText: '',
        httpVersion: 'h3',
        headers: [{ name: 'set-cookie', value: 'a=1\nb=2' }],
        content: { size: 0, mimeType: 'x-unknown' },
      },
    });
    expect(draft).toMatchObject({
      url: 'https://api.example.com/a',
      httpVersion: '2',
      headers: ['Host', 'api.example.com', 'accept', '*/*'],
      peerAddress: '2606:4700::1',
      response: { httpVersion: '2', headers: ['set-cookie', 'a=1', 'set-cookie', 'b=2'] },
    });
  });

  test('decoded text under a content-encoding header loses that header, and its length is true', () => {
    const { response } = read({
      response: {
        status: 200,
        headers: [
          { name: 'Content-Encoding', value: 'br' },
          { name: 'Content-Length', value: '7' },
          { name: 'ETag', value: '"x"' },
        ],
        content: { size: 12, mimeType: 'application/json', text: '{"a":"héé"}' },
        bodySize: 7,
      },
    });
    expect(response?.headers).toEqual(['Content-Length', '13', 'ETag', '"x"']);
    expect(response?.body.size).toBe(13);
    expect(text(response?.body)).toBe('{"a":"héé"}');
  });

  test('base64 of data that is still compressed keeps its header', () => {
    const wire = gzipSync('hello');
    const { response } = read({
      response: {
        status: 200,
        headers: [{ name: 'content-encoding', value: 'gzip' }],
        content: { size: 5, text: wire.toString('base64'), encoding: 'base64' },
      },
    });
    expect(response?.headers).toEqual(['content-encoding', 'gzip']);
    expect(wire.equals(Buffer.concat(response?.body.pieces ?? []))).toBe(true);
  });

  test('text goes back into the charset of the header', () => {
    const { response } = read({
      response: {
        status: 200,
        headers: [{ name: 'Content-Type', value: 'text/plain; charset=ISO-8859-1' }],
        content: { text: 'café' },
      },
    });
    expect(Buffer.concat(response?.body.pieces ?? []).toString('latin1')).toBe('café');
  });

  test('a body that the HAR leaves out keeps its length; a 304 has none', () => {
    const content = { size: 900, mimeType: 'text/html' };
    const left = read({ response: { status: 200, headers: [], content, bodySize: 300 } });
    expect(left.response?.body).toEqual({ pieces: [], size: 300, hash: null });
    const cached = { ...content, text: '<html>' };
    const fresh = read({ response: { status: 304, headers: [], content: cached, bodySize: 0 } });
    expect(fresh.response?.body.size).toBe(0);
  });

  test('posted params become the body, as text does', () => {
    const params = [
      { name: 'a b', value: '1&2' },
      { name: '__proto__', value: null },
    ];
    const form = post({ mimeType: 'application/x-www-form-urlencoded', params });
    expect(text(form.body)).toBe('a+b=1%262&__proto__=');
    expect(form.headers).toEqual(['Content-Type', 'application/x-www-form-urlencoded']);
    const file = { name: 'f"', value: 'x', fileName: 'a\r\n.txt', contentType: 'text/plain' };
    const multipart = post({ params: [file] }, 'multipart/form-data; boundary=B');
    expect(text(multipart.body)).toBe(
      '--B\r\nContent-Disposition: form-data; name="f%22"; filename="a%0D%0A.txt"\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--\r\n',
    );
    expect(text(post({ mimeType: 'text/plain', text: 'plain', params: [] }).body)).toBe('plain');
  });

  test("HTTP Toolkit's binary request bodies are read", () => {
    const { body } = read({
      request: {
        method: 'POST',
        url: 'https://api.example.com/a',
        headers: [],
        _requestBodyStatus: 'discarded:not-representable',
        _content: { text: '//79', size: 3, encoding: 'base64' },
      },
    });
    expect(Buffer.concat(body.pieces)).toEqual(Buffer.from([0xff, 0xfe, 0xfd]));
  });

  test('timings may be null, -1, missing, or leave ssl out of connect', () => {
    const timings = { blocked: null, dns: -1, connect: 10, ssl: 15, wait: 20, receive: 1 };
    expect(read({ timings, time: null })).toMatchObject({
      timings: { blocked: null, dns: null, connect: 25, ssl: 15, send: null, wait: 20, receive: 1 },
      durationMs: 46,
      ttfbMs: 45,
    });
    expect(read({ timings: { ...timings, connect: 20 } })).toMatchObject({
      timings: { connect: 20, ssl: 15 },
      durationMs: 12,
    });
  });

  test('status 0 is a call without an answer, with the reason that is there', () => {
    const failed = (error?: string): CallDraft =>
      read({ response: { status: 0, _error: error, headers: [], content: {} } });
    expect(failed('net::ERR_CONNECTION_REFUSED')).toMatchObject({
      response: null,
      outcome: 'error',
      errorType: 'net::ERR_CONNECTION_REFUSED',
    });
    expect(failed('net::ERR_ABORTED')).toMatchObject({ outcome: 'aborted' });
    expect(failed('connect ECONNRESET 10.0.0.1')).toMatchObject({ errorType: 'ECONNRESET' });
    expect(failed()).toMatchObject({ outcome: 'error', errorType: 'NO_RESPONSE' });
    const cut = read({ response: { status: 200, _error: 'net::ERR_CONTENT_LENGTH_MISMATCH' } });
    expect(cut).toMatchObject({ outcome: 'truncated', response: { status: 200 } });
  });

  test('WebSocket handshakes are HTTP calls, other schemes are no calls', () => {
    const socket = read({
      ...requestTo('wss://api.example.com/live'),
      _resourceType: 'websocket',
      _webSocketMessages: [{ type: 'send', time: 1, opcode: 1, data: 'hi' }],
      response: { status: 101, headers: [], content: { size: 0, mimeType: null } },
    });
    expect(socket).toMatchObject({
      url: 'https://api.example.com/live',
      outcome: 'complete',
      response: { status: 101 },
    });
    expect(parseHar(foreign(requestTo('data:text/plain,hi')), 'x.har')).toEqual([]);
    expect(parseHar(foreign(requestTo('chrome-extension://abc/x.js')), 'x.har')).toEqual([]);
  });

  test('keys that objects have by nature are only keys', () => {
    const har = `{"__proto__":{"log":{"entries":[]}},"log":{"entries":[{"__proto__":{"_outcome":"error"},"constructor":1,
      "startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://h/","headers":[{"name":"__proto__","value":"x"}]},
      "response":{"status":200,"headers":[{"name":"constructor","value":"y"}],"content":{"text":"z"}}}]}}`;
    expect(parseHar(har, 'x.har')).toMatchObject([
      {
        outcome: 'complete',
        headers: ['__proto__', 'x'],
        response: { headers: ['constructor', 'y'] },
      },
    ]);
  });
});

const failure = (har: string): TapeError => {
  try {
    parseHar(har, 'bad.har');
  } catch (error) {
    if (error instanceof TapeError) return error;
    throw error;
  }
  throw new Error('nothing thrown');
};

describe('what is no HAR', () => {
  test.each([
    ['', 'the top level is not JSON'],
    ['{"log":', 'the top level is not JSON'],
    ['"log"', 'the top level is the string "log", not an object'],
    ['{}', '/log is missing, not an object'],
    ['{"log":{}}', '/log/entries is missing'],
    ['{"log":{"entries":{}}}', '/log/entries is an object, not an array'],
    ['{"log":{"entries":[null]}}', '/log/entries/0 is null, not an object'],
    ['{"log":{"entries":[{}]}}', '/log/entries/0/request is missing'],
    [foreign({ request: { method: 'GET' } }), '/log/entries/0/request/url is missing'],
    [foreign({ request: { method: 'GET', url: '/a' } }), 'request/url is not an absolute URL'],
    [foreign({ request: { url: 'http://h/' } }), '/log/entries/0/request/method is missing'],
    [foreign({ startedDateTime: 'today' }), '/log/entries/0/startedDateTime is not a time'],
    [foreign({ response: [] }), '/log/entries/0/response is an array, not an object'],
    [foreign({ timings: { wait: 'long' } }), '/timings/wait is the string "long", not a number'],
    [
      foreign({ response: { status: 200, headers: [{ name: {} }] } }),
      '/response/headers/0/name is an object, not a string',
    ],
    [foreign({ _outcome: 'fine' }), '/log/entries/0/_outcome is no outcome'],
  ])('%s', (har, message) => {
    const error = failure(har);
    expect(error.code).toBe('HAR_INVALID');
    expect(error.message).toContain('"bad.har"');
    expect(error.message).toContain(message);
  });
});
