import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { MAX_ARRIVALS, noteArrival } from '../src/arrivals.ts';
import { KeptBody } from '../src/kept-body.ts';
import { noMarks, timingsOf } from '../src/timings.ts';

test('content within the limit is kept as it came and not hashed', () => {
  const body = new KeptBody(5);
  body.add(Buffer.from('ab'));
  body.add(Buffer.from('cde'));
  body.close();
  expect(body.pieces.map((piece) => Buffer.from(piece).toString())).toEqual(['ab', 'cde']);
  expect(body).toMatchObject({ size: 5, hash: null });
});

test('content beyond the limit keeps its first bytes, its length and the hash of all of it', () => {
  const body = new KeptBody(5);
  for (const piece of ['abc', 'def', 'ghi']) body.add(Buffer.from(piece));
  body.close();
  expect(Buffer.concat(body.pieces).toString()).toBe('abcde');
  expect(body.size).toBe(9);
  expect(body.hash).toEqual(createHash('sha256').update('abcdefghi').digest());
});

test.each([
  [3, 20],
  [20, 20],
  [20, 3],
])('large content, limit %i MB, of %i MB is kept in memory of its own', (limit, size) => {
  const whole = Buffer.alloc(size * 1024 * 1024, 'calltape ');
  const body = new KeptBody(limit * 1024 * 1024);
  const step = 65_000;
  let free = 0;
  for (let at = 0; at < whole.length; at += step) {
    const piece = Uint8Array.from(whole.subarray(at, at + step));
    if (!body.add(piece)) continue;
    free += piece.length;
    piece.fill(0);
  }
  body.close();
  const kept = Math.min(limit, size) * 1024 * 1024;
  expect(Buffer.concat(body.pieces).equals(whole.subarray(0, kept))).toBe(true);
  expect(free).toBeGreaterThan(whole.length - 1.1 * 1024 * 1024);
  expect(body.hash).toEqual(
    kept === whole.length ? null : createHash('sha256').update(whole).digest(),
  );
});

test('a limit of 0 keeps nothing', () => {
  const body = new KeptBody(0);
  body.add(Buffer.from('abc'));
  body.close();
  expect(Buffer.concat(body.pieces)).toHaveLength(0);
  expect(body.hash).toEqual(createHash('sha256').update('abc').digest());
});

test('a long stream keeps its first and last moments and every byte of its length', () => {
  const arrivals: number[] = [];
  const count = MAX_ARRIVALS * 5 + 1;
  for (let at = 1; at <= count; at += 1) noteArrival(arrivals, at, 2);
  expect(arrivals.length).toBeLessThanOrEqual(MAX_ARRIVALS * 2);
  const times = arrivals.filter((_, at) => at % 2 === 0);
  const sizes = arrivals.filter((_, at) => at % 2 === 1);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count * 2);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.at(-1)).toBe(count);
  // The bytes so far never exceed what had come by then.
  let bytes = 0;
  for (const [at, time] of times.entries()) {
    bytes += sizes[at] ?? 0;
    expect(bytes).toBe(time * 2);
  }
});

test('phases follow from the marks', () => {
  const marks = { ...noMarks(), assigned: 1, looked: 3, connected: 6, secured: 10 };
  expect(timingsOf({ ...marks, sent: 11, head: 20, ended: 25 })).toEqual({
    blocked: 1,
    dns: 2,
    connect: 7,
    ssl: 4,
    send: 1,
    wait: 9,
    receive: 5,
  });
});

test('an answer that comes before the request is out ends its sending', () => {
  const marks = { ...noMarks(), assigned: 1, head: 5, ended: 9 };
  expect(timingsOf(marks)).toMatchObject({ send: 4, wait: 0, receive: 4 });
  expect(timingsOf({ ...marks, sent: 8 })).toMatchObject({ send: 4, wait: 0, receive: 4 });
});

test('phases that did not happen are null', () => {
  expect(timingsOf({ ...noMarks(), ended: 4 })).toEqual({
    blocked: null,
    dns: null,
    connect: null,
    ssl: null,
    send: null,
    wait: null,
    receive: null,
  });
  const refused = timingsOf({ ...noMarks(), assigned: 1, looked: 2, ended: 4 });
  expect(refused).toMatchObject({ blocked: 1, dns: 1, connect: null, send: null, receive: null });
});
