// One mock for several APIs: by Host, below paths of their own, and as a forward proxy.

import { expect, it } from 'vitest';
import { startMock } from '@calltape/mock';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { closing, exchangeRaw } from './raw.ts';

const TWO = [
  { url: 'https://a.example/x', answer: 'of a' },
  { url: 'https://b.example/x', answer: 'of b' },
  { url: 'https://b.example/v2/y', answer: 'of v2' },
  {
    url: 'https://a.example/moved',
    response: { status: 302 },
    answerHeaders: ['Location', 'https://a.example/x', 'Link', '<https://b.example/x>; rel="next"'],
  },
];
const ROUTES = {
  '/a': 'https://a.example',
  '/b': 'https://b.example/',
  '/b/v2': 'https://b.example/v2',
};

it('prefers the host that the client names', async () => {
  const mock = await mockOf(TWO);
  const bodyFor = async (host: string): Promise<string> =>
    (await send(mock, '/x', { headers: { host } })).body.toString();
  expect(await bodyFor('a.example')).toBe('of a');
  expect(await bodyFor('b.example')).toBe('of b');
});

it('plays each API below its route, the longest first, and no other there', async () => {
  const mock = await mockOf(TWO, { routes: ROUTES });
  expect((await send(mock, '/a/x')).body.toString()).toBe('of a');
  expect((await send(mock, '/b/x')).body.toString()).toBe('of b');
  expect((await send(mock, '/b/v2/y')).body.toString()).toBe('of v2');
  expect((await send(mock, '/a/y')).status).toBe(404);
  expect((await send(mock, '/ab/x')).status).toBe(404);
  expect((await send(mock, '/x')).body.toString()).toBe('of a');
});

it('moves the URLs of each API to its route', async () => {
  const mock = await mockOf(TWO, {
    routes: { '/a': 'https://a.example', '/b': 'https://b.example' },
  });
  const { headers } = await send(mock, '/a/moved');
  expect(headers.location).toBe(`${mock.url}/a/x`);
  expect(headers['link']).toBe(`<${mock.url}/b/x>; rel="next"`);
});

it('leaves the URLs of an API alone of which a route has a part only', async () => {
  const mock = await mockOf(TWO, {
    routes: { '/a': 'https://a.example', '/b': 'https://b.example/v2' },
  });
  const { headers } = await send(mock, '/a/moved');
  expect(headers.location).toBe(`${mock.url}/a/x`);
  expect(headers['link']).toBe('<https://b.example/x>; rel="next"');
});

it('answers as a forward proxy for the host that is meant, and moves no URL then', async () => {
  const mock = await mockOf(TWO);
  const ask = async (url: string): Promise<string> =>
    (await exchangeRaw(mock, closing(`GET ${url}`))).text;
  expect(await ask('http://b.example/x')).toContain('of b');
  expect(await ask('http://c.example/x')).toMatch(/^HTTP\/1\.1 404 /);
  expect(await ask('http://a.example/moved')).toContain('Location: https://a.example/x');
});

it('refuses routes that are none', async () => {
  const tapes: string[] = [];
  await expect(startMock({ tapes, routes: { a: 'https://a.example' } })).rejects.toMatchObject({
    code: 'ROUTE_INVALID',
    message: expect.stringContaining('"a"'),
  });
  await expect(startMock({ tapes, routes: { '/a': 'a.example' } })).rejects.toMatchObject({
    code: 'ROUTE_INVALID',
  });
});
