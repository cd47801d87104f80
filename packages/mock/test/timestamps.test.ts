import { expect, it } from 'vitest';
import { dateEdits, movedValue, namesTime } from '../src/timestamps.ts';
import { withEdits } from '../src/body-edit.ts';

const RECORDED = Date.UTC(2026, 10, 20, 15, 0, 0);
/** Three days, two hours, one minute and a second. */
const SHIFT = (((3 * 24 + 2) * 60 + 1) * 60 + 1) * 1_000;
const MOVER = { recordedAt: RECORDED, move: (ms: number) => ms + SHIFT };

function text(before: string): string {
  return withEdits(before, dateEdits(before, MOVER));
}

it.each([
  ['Fri, 20 Nov 2026 15:00:00 GMT', 'Mon, 23 Nov 2026 17:01:01 GMT'],
  [
    'a=1; Expires=Fri, 20-Nov-2026 15:00:00 GMT; Path=/',
    'a=1; Expires=Mon, 23-Nov-2026 17:01:01 GMT; Path=/',
  ],
  ['2026-11-20T15:00:00Z', '2026-11-23T17:01:01Z'],
  ['"2026-11-20T15:00:00.123456Z"', '"2026-11-23T17:01:01.123456Z"'],
  ['2026-11-20T23:30:00+02:00', '2026-11-24T01:31:01+02:00'],
  ['2026-11-20T08:00:00-0500', '2026-11-23T10:01:01-0500'],
  ['<t>2026-11-20 15:00:00</t>', '<t>2026-11-23 17:01:01</t>'],
  ['2026-11-20T15:00', '2026-11-23T17:01'],
])('moves %s', (before, after) => {
  expect(text(before)).toBe(after);
});

it.each([
  'Thu, 01 Jan 1970 00:00:00 GMT',
  '1999-12-31T23:59:59Z',
  '2026-13-40T99:00:00Z',
  '?since=2026-11-20T15:00:00Z',
  'x2026-11-20T15:00:00Z',
  '2026-11-20T15:00:00Zulu',
  '2026-11-20',
  '1795186800',
])('leaves %s', (before) => {
  expect(text(before)).toBe(before);
});

function value(raw: string, isString: boolean, name: string): string {
  return movedValue(raw, isString, name, MOVER);
}

it('moves numbers that are Unix times', () => {
  const seconds = RECORDED / 1_000;
  expect(value(String(seconds), false, 'created')).toBe(String(seconds + SHIFT / 1_000));
  expect(value(String(RECORDED + 5), false, 'expiresAt')).toBe(String(RECORDED + 5 + SHIFT));
  expect(value(`${seconds}.250`, false, 'ts')).toBe(`${seconds + SHIFT / 1_000}.250`);
  expect(value(String(seconds + 3_600), false, 'n')).toBe(String(seconds + 3_600 + SHIFT / 1_000));
  expect(value(String(seconds), true, 'created_at')).toBe(String(seconds + SHIFT / 1_000));
});

it('leaves other numbers', () => {
  const later = String(RECORDED / 1_000 + 90 * 86_400);
  expect(value(later, false, 'amount')).toBe(later);
  expect(value(later, false, 'expires_at')).not.toBe(later);
  expect(value('3600', false, 'expires_in')).toBe('3600');
  expect(value('100000000000000000001', false, 'created')).toBe('100000000000000000001');
  expect(value('1795186800.000100', true, 'ts')).toBe('1795186800.000100');
  expect(value('1795186800', true, 'id')).toBe('1795186800');
});

it('moves dates by whole days, unless they name a version', () => {
  expect(value('2026-11-20', true, 'due')).toBe('2026-11-23');
  expect(value('2026-11-20', true, 'api_version')).toBe('2026-11-20');
  expect(value('1980-02-29', true, 'born')).toBe('1980-02-29');
});

it('knows names of moments', () => {
  const names = [
    'created',
    'createdAt',
    'expires_at',
    'exp',
    'iat',
    'x-ratelimit-reset',
    'timestamp',
  ];
  expect(names.filter((name) => !namesTime(name))).toEqual([]);
  expect(['amount', 'id', 'format', 'status', 'country'].filter(namesTime)).toEqual([]);
});
