import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
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
