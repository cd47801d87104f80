import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Mock } from '@calltape/mock';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { makeTape } from './tape.ts';

let home = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'calltape-home-'));
  vi.stubEnv('CALLTAPE_HOME', home);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

const BOT = '/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';

it('takes a placeholder for any value in its place', async () => {
  const tape = await makeTape(
    [
      { url: '/maps?key=real-key-1&q=a', answer: 'map a' },
      { url: '/maps?key=real-key-1&q=b', answer: 'map b' },
      { url: `${BOT}/getMe`, answer: 'me' },
    ],
    'proxy',
    undefined,
    true,
  );
  const mock = await mockOf(tape);
  const got = async (path: string) => (await send(mock, path)).body.toString();
  expect(await got('/maps?q=a&key=real-key-1')).toBe('map a');
  expect(await got('/maps?q=b&key=another')).toBe('map b');
  expect(await got(`${BOT}/getMe`)).toBe('me');
  expect(await got(`${BOT.replace('AAHd', 'BBBB')}/getMe`)).toBe('me');
});

it('tells secrets apart that were told apart when they were recorded', async () => {
  const calls = ['one', 'two', 'three'].map((key) => ({ url: `/kv?key=${key}`, answer: key }));
  const mock = await mockOf(await makeTape(calls, 'proxy', undefined, true));
  const got = async (path: string) => (await send(mock, path)).body.toString();
  expect(await got('/kv?key=three')).toBe('three');
  expect(await got('/kv?key=two')).toBe('two');
  expect(await got('/kv?key=one')).toBe('one');
  expect(await got('/kv?key=unknown')).toBe('one');
});

it('finds the body among many recordings that differ in a secret of the URL', async () => {
  const calls = Array.from({ length: 12 }, (_, n) => ({
    method: 'POST',
    url: `/kv?key=secret-${n}`,
    body: JSON.stringify({ n, password: `p${n}` }),
    answer: `${n}`,
  }));
  const mock = await mockOf(await makeTape(calls, 'proxy', undefined, true));
  const put = async (n: number, key: string) =>
    (await send(mock, `/kv?key=${key}`, { method: 'POST' }, JSON.stringify({ n, password: 'x' })))
      .body;
  expect(String(await put(11, 'unknown'))).toBe('11');
  expect(String(await put(7, 'secret-7'))).toBe('7');
  expect(String(await put(12, 'unknown'))).toContain('NO_MATCH');
});

it('does not repeat a secret in an explanation', async () => {
  const mock = await mockOf(
    await makeTape([{ url: '/maps?key=real-key-1&q=a' }], 'proxy', undefined, true),
  );
  const { status, body } = await send(mock, '/maps?key=very-secret&q=b');
  expect(status).toBe(404);
  const text = body.toString();
  expect(text).not.toContain('very-secret');
  expect(JSON.parse(text).error.nearest[0].differs).toEqual([
    { in: 'query', at: 'q', recorded: 'a', received: 'b' },
  ]);
});

const JSON_HEADERS = ['Content-Type', 'application/json'];
const FORM_HEADERS = ['Content-Type', 'application/x-www-form-urlencoded'];

const login = (headers: string[], body: string, answer: string) => ({
  method: 'POST',
  url: '/login',
  headers,
  body,
  answer,
});

async function posted(mock: Mock, path: string, [name = '', value = '']: string[], body: string) {
  const options = { method: 'POST', headers: { [name]: value } };
  return (await send(mock, path, options, body)).body.toString();
}

async function redactedTape(calls: Parameters<typeof makeTape>[0], rules: string[] = []) {
  return makeTape(calls, 'proxy', undefined, true, rules);
}

it('answers a login with any password', async () => {
  const tape = await redactedTape([
    login(JSON_HEADERS, '{"user":"ann","password":"hunter2"}', 'json'),
    login(FORM_HEADERS, 'user=ann&password=hunter2', 'form'),
  ]);
  const mock = await mockOf(tape);
  const post = async (headers: string[], body: string) => posted(mock, '/login', headers, body);
  expect(await post(JSON_HEADERS, '{"user":"ann","password":"hunter2"}')).toBe('json');
  expect(await post(JSON_HEADERS, '{"password": "another, longer one", "user": "ann"}')).toBe(
    'json',
  );
  expect(await post(FORM_HEADERS, 'password=o&user=ann')).toBe('form');
  const miss = JSON.parse(await post(JSON_HEADERS, '{"user":"bob","password":"very-secret"}'));
  expect(miss.error.code).toBe('NO_MATCH');
  expect(JSON.stringify(miss)).not.toContain('very-secret');
  expect(miss.error.nearest[0].differs).toEqual([
    { in: 'body', at: '/user', recorded: 'ann', received: 'bob' },
  ]);
});

it('tells bodies apart by their secrets where there are several', async () => {
  const calls = ['one', 'two', 'three'].map((password) =>
    login(JSON_HEADERS, JSON.stringify({ password }), password),
  );
  const mock = await mockOf(await redactedTape(calls));
  const post = async (password: string) =>
    posted(mock, '/login', JSON_HEADERS, JSON.stringify({ password }));
  expect(await post('three')).toBe('three');
  expect(await post('two')).toBe('two');
  expect(await post('unknown')).toBe('one');
});

it("keeps to the recorder's own rules", async () => {
  const tape = await redactedTape(
    [
      {
        method: 'POST',
        url: '/users?mail=a%40b.c',
        headers: JSON_HEADERS,
        body: '{"user":{"email":"a@b.c"}}',
        answer: 'ok',
      },
    ],
    ['json:$.user.email', 'query:mail'],
  );
  const mock = await mockOf(tape);
  const body = '{"user":{"email":"somebody@else.example"}}';
  expect(await posted(mock, '/users?mail=x', JSON_HEADERS, body)).toBe('ok');
});

it('frames a compressed answer by what it sends', async () => {
  const secret = 'correct-horse-battery-staple-0815';
  const plain = JSON.stringify({ access_token: secret, filler: 'abc '.repeat(500) });
  const wire = gzipSync(plain, { level: 0 });
  const told = {
    answerHeaders: ['Content-Encoding', 'gzip', 'Content-Length', String(wire.length)],
    answer: wire,
  };
  const tape = await redactedTape([
    { ...told, url: '/whole' },
    { ...told, url: '/left', outcome: 'aborted' },
  ]);
  const mock = await mockOf(tape);
  for (const path of ['/whole', '/left']) {
    const { headers, body } = await send(mock, path);
    expect(Number(headers['content-length'])).toBe(body.length);
    const text = gunzipSync(body).toString();
    expect(text).not.toContain(secret);
    expect(text).toHaveLength(plain.length);
  }
});
