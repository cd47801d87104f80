import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openTape, toHar, toNock, toOpenApi, toWireMock } from '@calltape/store';
import type { Exchange } from '@calltape/store';
import type { Mock } from '@calltape/mock';
import { describe, expect, test } from 'vitest';
import { fileWith } from './files.ts';
import { send } from './http.ts';
import type { HttpAnswer } from './http.ts';
import { mockOf } from './mock.ts';
import { makeTape, tempDir } from './tape.ts';
import type { Told } from './tape.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');
const JSON_TYPE = ['Content-Type', 'application/json'];

const CALLS: readonly Told[] = [
  { url: '/digits', answerHeaders: JSON_TYPE, answer: '{"id":12345678901234567890,"price":1.10}' },
  { url: '/quoted', answerHeaders: ['Content-Type', 'text/plain'], answer: '"quoted"' },
  { url: '/hex', answerHeaders: ['Content-Type', 'text/plain'], answer: '89504e47' },
  {
    url: '/bytes',
    answerHeaders: ['Content-Type', 'image/png'],
    answer: Buffer.from([137, 0, 255]),
  },
  {
    url: '/gzip',
    answerHeaders: ['Content-Type', 'text/plain', 'Content-Encoding', 'gzip'],
    answer: gzipSync('zipped'),
  },
  {
    url: '/cookies',
    answerHeaders: ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Content-Type', 'text/plain'],
    answer: 'x',
  },
  { url: '/again', answer: 'one', answerHeaders: ['Content-Type', 'text/plain'] },
  { url: '/again', answer: 'two', answerHeaders: ['Content-Type', 'text/plain'] },
  {
    method: 'POST',
    url: '/made',
    headers: JSON_TYPE,
    body: '{"a":[1]}',
    answer: 'made',
    answerHeaders: ['Content-Type', 'text/plain'],
    response: { status: 201, statusText: 'Created' },
  },
];

const PATHS = [
  '/digits',
  '/quoted',
  '/hex',
  '/bytes',
  '/gzip',
  '/cookies',
  '/again',
  '/again',
  '/again',
];

interface Got {
  readonly status: number;
  readonly fields: readonly string[];
  readonly body: Buffer;
}

/** The mock frames answers itself, each format in its own way. */
function withoutFraming({ status, rawHeaders, body }: HttpAnswer): Got {
  const own = new Set(['content-length', 'transfer-encoding', 'connection']);
  const fields = rawHeaders.filter(
    (_, at) => !own.has(rawHeaders[at - (at % 2)]?.toLowerCase() ?? ''),
  );
  return { status, fields, body };
}

async function all(mock: Mock): Promise<Got[]> {
  const got: Got[] = [];
  for (const path of PATHS) got.push(withoutFraming(await send(mock, path)));
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
  got.push(withoutFraming(await send(mock, '/made', post, '{ "a": [1] }')));
  return got;
}

async function exported(write: (calls: Iterable<Exchange>) => Iterable<string>): Promise<string> {
  const tape = openTape(await makeTape(CALLS));
  try {
    return await fileWith([...write(tape.exchanges())].join(''), 'calls.data');
  } finally {
    tape.close();
  }
}

test.each([
  ['HAR', (calls: Iterable<Exchange>) => toHar(calls)],
  ['nock', (calls: Iterable<Exchange>) => toNock(calls)],
  ['WireMock', (calls: Iterable<Exchange>) => toWireMock(calls)],
])('what a tape was exported to as %s answers as the tape does', async (_, write) => {
  const wanted = await all(await mockOf(CALLS));
  const mock = await mockOf(await exported(write));
  expect(mock.warnings).toEqual([]);
  expect(await all(mock)).toEqual(wanted);
});

test('what a tape was exported to as OpenAPI answers in its shape', async () => {
  const mock = await mockOf(await exported((calls) => toOpenApi(calls)));
  const { status, body } = await send(mock, '/digits');
  expect(status).toBe(200);
  expect(JSON.parse(body.toString())).toEqual({
    id: expect.any(Number),
    price: expect.any(Number),
  });
});

describe('the HARs of other tools', () => {
  test.each([
    'charles',
    'chrome',
    'fiddler',
    'firefox',
    'http-toolkit',
    'insomnia',
    'mitmproxy',
    'polly',
    'proxyman',
    'safari',
  ])('%s', async (tool) => {
    const file = join(FIXTURES, 'har', `${tool}.har`);
    const { log } = JSON.parse(await readFile(file, 'utf8'));
    const whole = log.entries.find(
      ({
        request,
        response,
      }: {
        request: { method: string; url: string };
        response: { status: number };
      }) => request.method === 'GET' && request.url.startsWith('http') && response.status >= 200,
    );
    const mock = await mockOf(file);
    // That one holds the lengths of answers only.
    if (tool === 'fiddler') {
      expect(mock.warnings[0]).toMatch(/^\d+ of the answers .* have no content/);
      return;
    }
    expect(mock.warnings.filter((warning) => !/^Left out|WebSocket/.test(warning))).toEqual([]);
    expect(mock.recordings).toBeGreaterThan(0);
    if (whole === undefined) return;
    const { pathname, search, origin } = new URL(whole.request.url);
    const answer = await send(
      mock,
      whole.request.url.startsWith('https') ? pathname + search : origin + pathname + search,
    );
    expect(answer.status).toBe(whole.response.status);
  });
});

test('what nock recorded is played, with all of its oddities', async () => {
  const definitions = [
    {
      scope: 'http://api.example.com:80',
      method: 'GET',
      path: '/a?b=1',
      status: 200,
      response: { a: 1 },
      rawHeaders: { 'content-type': 'application/json', 'content-length': '99' },
    },
    {
      scope: 'http://api.example.com:80',
      method: 'GET',
      path: '/z',
      response: [gzipSync('zip').toString('hex')],
      rawHeaders: { 'content-encoding': 'gzip' },
    },
  ];
  const mock = await mockOf(await fileWith(definitions));
  expect((await send(mock, '/a?b=1')).body.toString()).toBe('{"a":1}');
  expect((await send(mock, '/z')).body.equals(gzipSync('zip'))).toBe(true);
});

function stub(path: string, body: string): object {
  return { request: { urlPath: path }, response: { body } };
}

function entry(url: string): object {
  return {
    startedDateTime: '2026-11-24T00:00:00.000Z',
    request: { method: 'GET', url, headers: [] },
    response: { status: 200, headers: [], content: { text: 'x' } },
  };
}

test('several at once: recordings come first, then what is described in the order it was named', async () => {
  const tape = await makeTape([{ url: '/recorded', answer: 'recorded' }]);
  const one = await fileWith({ mappings: [stub('/recorded', 'one'), stub('/both', 'one')] });
  const two = await fileWith({ mappings: [stub('/both', 'two'), stub('/two', 'two')] });
  const mock = await mockOf([], { tapes: [one, two, tape] });
  const got = [];
  for (const path of ['/recorded', '/both', '/two'])
    got.push((await send(mock, path)).body.toString());
  expect(got).toEqual(['recorded', 'one', 'two']);
  expect(mock).toMatchObject({ recordings: 1, patterns: 4 });
  expect(mock.summary()).toMatchObject({ answered: 3, missed: 0, unused: [] });
  expect(mock.summary().unusedPatterns.map(({ source, url }) => [source, url])).toEqual([
    [one, '/recorded'],
    [two, '/both'],
  ]);
});

test('what was left out of a HAR is said', async () => {
  const file = await fileWith({
    log: { entries: [entry('http://a.example/x'), entry('data:,x')] },
  });
  const mock = await mockOf(file);
  expect(mock.warnings).toEqual([`Left out of ${file}: 1 x data: URL.`]);
});

describe('nothing starts with', () => {
  test.each<[what: string, content: unknown, code: string, sentence: string]>([
    [
      'a broken HAR',
      '{"log": {"entries": [\n{"request": {}},\n',
      'SOURCE_INVALID',
      'it is no JSON from line 2',
    ],
    [
      'a HAR with a wrong entry',
      {
        log: { entries: [{ startedDateTime: '2026-11-24T00:00:00Z', request: { method: 'GET' } }] },
      },
      'HAR_INVALID',
      '/log/entries/0/request/url is missing',
    ],
    [
      'nock without a path',
      [{ scope: 'http://a', method: 'GET' }],
      'NOCK_INVALID',
      '/0/path is missing',
    ],
    [
      'another JSON',
      { a: 1 },
      'SOURCE_UNKNOWN',
      'it is none of what can be played. Name a tape, a HAR',
    ],
    ['a text', 'hello', 'TAPE_NOT_A_TAPE', 'tape'],
    ['an empty HAR', { log: { entries: [] } }, 'TAPE_EMPTY', 'there is no recorded answer'],
  ])('%s', async (_, content, code, sentence) => {
    const file = await fileWith(content);
    await expect(mockOf(file)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(sentence),
    });
    await expect(mockOf(file)).rejects.toThrow(file);
  });

  test('one bad file among good ones', async () => {
    const tape = await makeTape([{ url: '/a' }]);
    const bad = join(await tempDir(), 'none.har');
    await expect(mockOf([], { tapes: [tape, bad] })).rejects.toMatchObject({
      code: 'TAPE_NOT_FOUND',
    });
  });
});

test('a served tape keeps what was described, at its origin', async () => {
  const file = await fileWith({
    openapi: '3.1.0',
    servers: [{ url: 'https://api.example.com/v1' }],
    paths: {
      '/a': {
        get: {
          responses: { 200: { description: '', content: { 'text/plain': { example: 'hi' } } } },
        },
      },
    },
  });
  const { openWriter } = await import('@calltape/store');
  const served = join(await tempDir(), 'served.tape');
  const writer = await openWriter(served, { name: 'mock', source: 'mock' });
  const mock = await mockOf(file, { served: writer });
  await send(mock, '/v1/a');
  await mock.close();
  await writer.close();
  const tape = openTape(served);
  expect(tape.calls()).toMatchObject([{ url: 'https://api.example.com/v1/a', status: 200 }]);
  tape.close();
});
