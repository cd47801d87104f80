import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { exchangeOfDraft, type Exchange, importCalls, toNock } from '@calltape/store';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { anExchange, bodyOf } from './an-exchange.ts';

const ORIGIN = 'http://api.example.com';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

/** What was left out, after nock has loaded the rest. */
function load(...exchanges: Exchange[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-nock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'calls.json');
  const gaps: string[] = [];
  writeFileSync(file, [...toNock(exchanges, (gap) => gaps.push(gap))].join(''));
  nock.load(file);
  return gaps;
}

interface Answer {
  readonly status: number | undefined;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

function viaHttp(url: string, method = 'GET', body?: Uint8Array, type?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    httpRequest(url, { method, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        const { statusCode: status, rawHeaders } = response;
        resolve({ status, rawHeaders, body: Buffer.concat(pieces) });
      });
    })
      .on('error', reject)
      .end(body);
  });
}

const JSON_TYPE = ['Content-Type', 'application/json'] as const;

describe.each([
  ['JSON', '{"a":[1,null]}', [JSON_TYPE]],
  ['JSON laid out', '{\n  "a": 1\n}', [JSON_TYPE]],
  ['big numbers', '{"id":12345678901234567890,"price":1.10}', [JSON_TYPE]],
  ['text', 'hello\n', [['Content-Type', 'text/plain']]],
  ['text that is JSON', '"quoted"', [['Content-Type', 'text/plain']]],
  ['a number', '0', [['Content-Type', 'text/plain']]],
  ['text that looks like hex', '89504e47', [['Content-Type', 'text/plain']]],
  ['bytes', Buffer.from([0, 255, 137, 80]), [['Content-Type', 'image/png']]],
  ['no type', '{"a":1}', []],
  ['nothing', '', []],
] as const)('%s', (_, content, headers) => {
  test('comes back to http and fetch as it was', async () => {
    const wanted = Buffer.from(content);
    const call = anExchange(`${ORIGIN}/x`, { response: { headers, body: bodyOf(wanted) } });
    load(call, call);
    const answer = await viaHttp(`${ORIGIN}/x`);
    expect(answer.body.equals(wanted)).toBe(true);
    expect(answer.rawHeaders).toEqual(headers.flat());
    const fetched = await fetch(`${ORIGIN}/x`);
    expect(Buffer.from(await fetched.arrayBuffer()).equals(wanted)).toBe(true);
  });
});

test.each([
  ['gzip', gzipSync('{"a":1}')],
  ['br', brotliCompressSync('{"a":1}')],
])('%s stays as it was encoded', async (coding, bytes) => {
  const headers = [['content-encoding', coding], JSON_TYPE] as const;
  const call = anExchange(`${ORIGIN}/x`, { response: { headers, body: bodyOf(bytes) } });
  load(call, call);
  expect((await viaHttp(`${ORIGIN}/x`)).body.equals(bytes)).toBe(true);
  expect(await (await fetch(`${ORIGIN}/x`)).json()).toEqual({ a: 1 });
});

test('status, repeated fields and their letter case are kept, true lengths are made', async () => {
  const headers = [
    ['Set-Cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['X-Upper', 'Y'],
    ['Content-Length', '99'],
    ['Transfer-Encoding', 'chunked'],
  ] as const;
  load(anExchange(`${ORIGIN}/x`, { response: { status: 404, headers, body: bodyOf('no') } }));
  const answer = await viaHttp(`${ORIGIN}/x`);
  expect(answer.status).toBe(404);
  expect(answer.rawHeaders).toEqual(['Set-Cookie', 'a=1', 'set-cookie', 'b=2', 'X-Upper', 'Y']);
});

test('repeats are answered in their order', async () => {
  const texts = ['one', 'two', 'three'];
  load(...texts.map((text) => anExchange(`${ORIGIN}/x`, { response: { body: bodyOf(text) } })));
  const got: string[] = [];
  for (const _ of texts) got.push(await (await fetch(`${ORIGIN}/x`)).text());
  expect(got).toEqual(texts);
});

describe('the request', () => {
  test.each([
    ['JSON', '{"b":1,"a":[2]}', '{"a":[2],"b":1}', 'application/json'],
    ['a form', 'a=1&b=two', 'a=1&b=two', 'application/x-www-form-urlencoded'],
    ['text', 'hello', 'hello', 'text/plain'],
  ])('is told by %s', async (_, recorded, sent, type) => {
    const request = { method: 'POST', body: bodyOf(recorded) };
    load(anExchange(`${ORIGIN}/x`, { request, response: { status: 201 } }));
    const other = await viaHttp(`${ORIGIN}/x`, 'POST', Buffer.from('other'), type);
    expect(other.status).toBe(501);
    const same = await viaHttp(`${ORIGIN}/x`, 'POST', Buffer.from(sent), type);
    expect(same.status).toBe(201);
  });

  test('is told by bytes that are no text, and its answer may be text', async () => {
    const bytes = Buffer.from([0, 255, 1]);
    const request = { method: 'PUT', body: bodyOf(bytes) };
    load(anExchange(`${ORIGIN}/x`, { request, response: { body: bodyOf('cafe') } }));
    const answer = await viaHttp(`${ORIGIN}/x`, 'PUT', bytes, 'application/octet-stream');
    expect(answer.body.toString()).toBe('cafe');
  });

  test('is told by its query', async () => {
    load(
      anExchange(`${ORIGIN}/x?a=1&a=2`, { response: { body: bodyOf('both') } }),
      anExchange(`${ORIGIN}/x?q=it%27s%20me`, { response: { body: bodyOf('me') } }),
    );
    expect(await (await fetch(`${ORIGIN}/x?q=it%27s%20me`)).text()).toBe('me');
    expect(await (await fetch(`${ORIGIN}/x?a=1&a=2`)).text()).toBe('both');
  });

  test('of any body fits where the recorded one was cut', async () => {
    const request = { method: 'POST', body: { bytes: Buffer.from('ab'), size: 3 } };
    load(anExchange(`${ORIGIN}/x`, { request, response: { status: 202 } }));
    expect((await viaHttp(`${ORIGIN}/x`, 'POST', Buffer.from('zzz'))).status).toBe(202);
  });
});

test('https, another port and HEAD', async () => {
  const headers = [['Content-Length', '26']] as const;
  load(
    anExchange('https://api.example.com/s', { response: { body: bodyOf('safe') } }),
    anExchange('http://localhost:8081/p', { response: { body: bodyOf('port') } }),
    anExchange(`${ORIGIN}/h`, { request: { method: 'HEAD' }, response: { headers } }),
  );
  expect(await (await fetch('https://api.example.com/s')).text()).toBe('safe');
  expect(await (await fetch('http://localhost:8081/p')).text()).toBe('port');
  const head = await fetch(`${ORIGIN}/h`, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe('26');
});

test('what nock cannot play is left out and told of', () => {
  const cut = { body: { bytes: Buffer.from('a'), size: 9 } };
  expect(
    load(
      anExchange(`${ORIGIN}/a`, { response: null }),
      anExchange(`${ORIGIN}/b`, { outcome: 'truncated' }),
      anExchange(`${ORIGIN}/c`, { response: cut }),
      anExchange(`${ORIGIN}/d`, { response: { status: 101 } }),
    ),
  ).toEqual([
    'no whole answer',
    'no whole answer',
    'an answer longer than the body limit',
    'an answer that starts another protocol',
  ]);
});

describe('there and back again', () => {
  const cookies = [
    ['Content-Type', 'application/json'],
    ['Set-Cookie', 'a=1; Path=/'],
    ['set-cookie', 'b=2'],
    ['X-Twice', '1'],
    ['X-Twice', '2'],
  ] as const;
  const contents: readonly [what: string, content: string | Buffer][] = [
    ['20 digits and 1.10', '{"id":12345678901234567890,"price":1.10}'],
    ['quoted text', '"quoted"'],
    ['null', 'null'],
    ['text like hexadecimal', '89504e47'],
    ['bytes', Buffer.from([0x89, 0x50, 0, 0xff])],
  ];

  test.each(contents)(
    '%s is the same by nock.define and as it is read again',
    async (_, content) => {
      const body = bodyOf(Buffer.from(content));
      const call = anExchange(`${ORIGIN}/x?q=1`, { response: { headers: cookies, body } });
      const text = [...toNock([call])].join('');
      nock.define(JSON.parse(text));
      const answer = await viaHttp(`${ORIGIN}/x?q=1`);
      expect(answer.body.equals(Buffer.from(content))).toBe(true);
      expect(answer.rawHeaders).toEqual(cookies.flat());

      const { drafts } = importCalls(text, 'calls.json');
      const origin = { recording: 'calls.json', source: 'nock' } as const;
      const again = drafts.map((draft, at) => exchangeOfDraft(draft, { ...origin, id: at + 1 }));
      expect(again[0]?.response?.headers).toEqual(cookies);
      expect(Buffer.from(again[0]?.response?.body.bytes ?? []).equals(Buffer.from(content))).toBe(
        true,
      );
      expect([...toNock(again)].join('')).toBe(text);
    },
  );
});
