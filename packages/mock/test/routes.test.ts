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

/** An answer that names places of both APIs, in a field and in its text. */
function naming(url: string, text: string) {
  const answerHeaders = ['Content-Type', 'application/json', 'Location', url];
  return { url: 'https://a.example/names', answer: JSON.stringify(text), answerHeaders };
}

it.each([
  ['https://b.example/v2/y?z#h', '/b/y?z#h'],
  ['http://B.example:80/v2', '/b'],
  ['https://b.example/v2/deep/y', '/d/y'],
  ['https://b.example/v22/y', null],
  ['https://b.example/x', null],
  ['https://a.example/x', '/a/x'],
])('of an API of which routes have parts, %s moves to %s', async (url, place) => {
  const mock = await mockOf([...TWO, naming(url, `see ${url} and ${url},`)], {
    rewriteBodies: true,
    routes: {
      '/a': 'https://a.example',
      '/b': 'https://b.example/v2',
      '/d': 'https://b.example/v2/deep',
    },
  });
  const { headers, body } = await send(mock, '/a/names');
  const moved = place === null ? url : mock.url + place;
  expect(headers.location).toBe(moved);
  expect(JSON.parse(body.toString())).toBe(`see ${moved} and ${moved},`);
});

it('moves what is below the path of a route without a prefix to the mock itself', async () => {
  const url = 'https://b.example/v2/y';
  const at = { ...naming(url, `${url} https://b.example/x`), url: 'https://b.example/v2/names' };
  const mock = await mockOf([...TWO, at], {
    rewriteBodies: true,
    routes: { '': 'https://b.example/v2' },
  });
  const { headers, body } = await send(mock, '/names');
  expect(headers.location).toBe(`${mock.url}/y`);
  expect(JSON.parse(body.toString())).toBe(`${mock.url}/y https://b.example/x`);
  expect((await send(mock, '/y')).body.toString()).toBe('of v2');
});

it('leaves the text alone without being asked, and for a client that is proxied', async () => {
  const url = 'https://a.example/x';
  const plain = await mockOf([naming(url, url)]);
  expect(JSON.parse((await send(plain, '/names')).body.toString())).toBe(url);
  const mock = await mockOf([naming(url, url)], { rewriteBodies: true });
  const { text } = await exchangeRaw(mock, closing('GET http://a.example/names'));
  expect(text).toContain(`Location: ${url}`);
  expect(text).toContain(`"${url}"`);
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
  await expect(startMock(tapes, { routes: { a: 'https://a.example' } })).rejects.toMatchObject({
    code: 'ROUTE_INVALID',
    message: expect.stringContaining('"a"'),
  });
  await expect(startMock(tapes, { routes: { '/a': 'a.example' } })).rejects.toMatchObject({
    code: 'ROUTE_INVALID',
  });
});
