import { expect, it } from 'vitest';
import type { Plan } from '../src/step.ts';
import { routesOf, sitesOf } from '../src/routes.ts';
import { UpstreamUrls } from '../src/upstream-urls.ts';

const URLS = new UpstreamUrls(sitesOf(['api.example.com', 'files.example.com:8443'], []), true);
const MOCK = 'http://127.0.0.1:4881';

function planWith(headers: readonly string[], body = ''): Plan {
  return [
    { kind: 'head', status: 200, statusText: 'OK', headers, framing: 'chunked' },
    { kind: 'chunk', bytes: Buffer.from(body) },
    { kind: 'end', trailers: [] },
  ];
}

function movedPlan(plan: Plan, place = MOCK): { headers: readonly string[]; body: string } {
  const sent = URLS.moved(plan, place, 'api.example.com');
  const head = sent.find((step) => step.kind === 'head');
  const chunks = sent.filter((step) => step.kind === 'chunk');
  const body = chunks.map(({ bytes }) => Buffer.from(bytes).toString()).join('');
  return { headers: head?.headers ?? [], body };
}

function moved(name: string, value: string): string | undefined {
  return movedPlan(planWith(['x-first', '1', name, value])).headers[3];
}

it('moves absolute URLs of recorded hosts', () => {
  expect(moved('Location', 'https://api.example.com/a?b=c#d')).toBe(`${MOCK}/a?b=c#d`);
  expect(moved('location', 'HTTP://API.example.com:443')).toBe(`${MOCK}/`);
  expect(moved('Content-Location', 'https://files.example.com:8443/x')).toBe(`${MOCK}/x`);
});

it('keeps the path as it is written', () => {
  expect(moved('Location', 'https://api.example.com/a/../%7Eb//c')).toBe(`${MOCK}/a/../%7Eb//c`);
});

it('moves every link of a Link field', () => {
  expect(
    moved(
      'Link',
      '<https://api.example.com/i?page=2>; rel="next", <https://other.example/i>; rel="last"',
    ),
  ).toBe(`<${MOCK}/i?page=2>; rel="next", <https://other.example/i>; rel="last"`);
});

it.each([
  ['Location', '/relative'],
  ['Location', 'https://api.example.com.evil.example/'],
  ['Location', 'https://files.example.com/'],
  ['X-Location', 'https://api.example.com/'],
])('leaves %s: %s alone', (name, value) => {
  const plan = planWith([name, value]);
  expect(URLS.moved(plan, MOCK, 'api.example.com')).toBe(plan);
  expect(URLS.concerns(plan, 'api.example.com')).toBe(false);
});

it('gives the cookies of a recorded host to the host they come from', () => {
  expect(moved('Set-Cookie', 'a=1; Domain=.Example.com; Path=/')).toBe('a=1; Path=/');
  expect(moved('set-cookie', 'a=1; domain=files.example.com')).toBe('a=1');
  expect(moved('Set-Cookie', 'a=1; Domain=other.example')).toBe('a=1; Domain=other.example');
});

it('moves URLs in text, in either scheme, and nothing in other content', () => {
  const text =
    '{"a":"https://api.example.com/x","b":"http:\\/\\/api.example.com","c":"wss://files.example.com:8443/"}';
  const json = ['Content-Type', 'application/json'];
  expect(movedPlan(planWith(json, text)).body).toBe(
    `{"a":"${MOCK}/x","b":"http:\\/\\/127.0.0.1:4881","c":"ws://127.0.0.1:4881/"}`,
  );
  const secure = movedPlan(planWith(json, text), 'https://mock.test');
  expect(secure.body).toContain('"https://mock.test/x"');
  expect(secure.body).toContain('"wss://mock.test/"');
  expect(movedPlan(planWith(['Content-Type', 'image/png'], text)).body).toBe(text);
});

it.each([
  ['/', '/', '/shop'],
  ['/', '/v1/', '/shop/v1/'],
  ['/v1', '/v1/carts', '/shop/carts'],
  ['/v1', '/v1', '/shop'],
  ['/v1', '/', '/shop'],
  ['/v1', '/admin', '/admin'],
])('moves cookies of an API at %s for %s to %s below its route', (base, path, at) => {
  const routes = routesOf({ '/shop': `https://api.example.com${base}` });
  const urls = new UpstreamUrls(sitesOf(['api.example.com'], routes), false);
  const plan = planWith(['Set-Cookie', `a=1; Path=${path}; Secure`]);
  const [head] = urls.moved(plan, MOCK, 'api.example.com');
  expect(head).toMatchObject({ headers: ['Set-Cookie', `a=1; Path=${at}; Secure`] });
  // Another API's paths say nothing of this one's.
  expect(urls.moved(plan, MOCK, 'other.example')).toBe(plan);
});
