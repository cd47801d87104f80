import { expect, it } from 'vitest';
import { towardsMock } from '../src/upstream-urls.ts';

const HOSTS = new Set(['api.example.com', 'files.example.com:8443']);
const MOCK = 'http://127.0.0.1:4881';

function moved(name: string, value: string): string | undefined {
  return towardsMock(['x-first', '1', name, value], HOSTS, MOCK)[3];
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
  const fields = [name, value];
  expect(towardsMock(fields, HOSTS, MOCK)).toBe(fields);
});
