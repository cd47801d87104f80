// calltape drift, as a shell sees it, and the words that it reads.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { driftConfigOf } from '../src/drift/drift-config.ts';
import { driftRule } from '../src/drift/drift-rule.ts';
import { timeRange } from '../src/drift/time-range.ts';
import { calltape, emptyFolder } from './run-cli.ts';
import { answer, call, ORIGIN, tapeWith } from './tape-with-calls.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;

describe('a range of time', () => {
  test.each([
    ['15m', { sinceMs: NOW - HOUR / 4 }],
    ['2h..1h', { sinceMs: NOW - 2 * HOUR, untilMs: NOW - HOUR }],
    ['..1h', { untilMs: NOW - HOUR }],
    ['2026-11-01', { sinceMs: Date.UTC(2026, 10, 1), untilMs: Date.UTC(2026, 10, 2) }],
    ['2026-11-01..2026-11-10', { sinceMs: Date.UTC(2026, 10, 1), untilMs: Date.UTC(2026, 10, 11) }],
    ['2026-11-01T08:00..', { sinceMs: Date.UTC(2026, 10, 1, 8) }],
    ['2026-11-01 08:00+02:00', { sinceMs: Date.UTC(2026, 10, 1, 6) }],
    ['..', undefined],
    ['monday', undefined],
    ['1h..monday', undefined],
    ['2026-13-01', undefined],
  ])('%s', (text, range) => {
    expect(timeRange(text, NOW)).toEqual(range);
  });
});

function refuse(place: string): Error {
  return new Error(place);
}

describe('a rule', () => {
  test.each([
    [
      'GET /v1/x /data/*/a b field-removed',
      { method: 'GET', template: '/v1/x', location: '/data/*/a b', kind: 'field-removed' },
    ],
    [
      'get http://a/v1/x header:etag',
      { method: 'GET', origin: 'http://a', location: 'header:etag' },
    ],
    ['* /v1/x status-added', { template: '/v1/x', kind: 'status-added' }],
  ])('%s', (text, rule) => {
    expect(driftRule(text, 'ignore')).toMatchObject(rule);
  });

  test.each([
    [{ ignore: ['x'] }, '/drift/ignore/0'],
    [{ ignore: ['GET /x nothing-known'] }, '/drift/ignore/0'],
    [{ ignored: [] }, '/drift/ignored'],
    [{ severity: [{ severity: 'bad', kind: 'field-added' }] }, '/drift/severity/0/severity'],
    [{ severity: [{ severity: 'info' }] }, '/drift/severity/0'],
    [{ severity: [{ severity: 'info', kind: 1 }] }, '/drift/severity/0/kind'],
  ])('%j is refused by its place', (config, pointer) => {
    expect(() => driftConfigOf(config, refuse)).toThrow(new Error(pointer));
  });
});

function calls(from: number, body: (at: number) => object): ReturnType<typeof call>[] {
  return Array.from({ length: 20 }, (_, at) =>
    call(`/v1/things/${from + at}`, {
      response: answer(200, 'OK', JSON.stringify(body(from + at))),
    }),
  );
}

const before = calls(1, (at) => ({ id: at, name: `n${at}`, price: at / 2 }));
const after = calls(101, (at) => ({ id: at, name: at % 2 ? null : `n${at}`, cost: at / 2 }));

test('compares two recordings, fails by what was found, and says what it left out', async () => {
  const folder = await emptyFolder();
  const bad = call('/v1/bad', { response: answer(200, 'OK', '{not json') });
  await tapeWith(folder, [...before, bad], 'before');
  await tapeWith(folder, after, 'after');
  const words = ['drift', '--baseline', 'before', '--live', 'after', '--json'];
  const { code, stdout } = await calltape(words, { cwd: folder });
  expect(code).toBe(1);
  const place = { method: 'GET', path_template: '/v1/things/{thing}', status: 200 };
  expect(JSON.parse(stdout)).toEqual({
    endpoints: [
      { method: 'GET', origin: ORIGIN, path_template: '/v1/bad', calls: 1 },
      { method: 'GET', origin: ORIGIN, path_template: '/v1/things/{thing}', calls: 40 },
    ],
    drifts: [
      expect.objectContaining({ ...place, location: '/name', kind: 'nullable-added' }),
      expect.objectContaining({
        ...place,
        location: '/price',
        kind: 'field-removed',
        severity: 'breaking',
        before: { k: 0, n: 20 },
        after: { m: 20, n: 20 },
        chance: expect.closeTo(0),
        first_seen: '2026-11-24T03:48:28.123Z',
      }),
      expect.objectContaining({ ...place, location: '/cost', kind: 'field-added' }),
    ],
    skipped: { before: { 'body not JSON': 1 }, after: {} },
  });
});

test('compares what came since with what was accepted, without what is ignored', async () => {
  const folder = await emptyFolder();
  await tapeWith(folder, before, 'before');
  expect(await calltape(['drift'], { cwd: folder })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('calltape drift accept'),
  });
  expect(await calltape(['drift', 'accept'], { cwd: folder })).toMatchObject({ code: 0 });
  await tapeWith(folder, after, 'after');
  await writeFile(
    join(folder, 'calltape.config.json'),
    JSON.stringify({
      drift: {
        ignore: ['GET /v1/things/{thing} /price'],
        severity: [{ kind: 'nullable-added', severity: 'warning' }],
      },
    }),
  );
  const { code, stdout } = await calltape(['drift'], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout.split('\n').filter((line) => /^\S/.test(line))).toEqual([
    'warning  nullable-added /name: string -> string or null',
    'info  field-added /cost: absent -> always present',
  ]);
  expect(await readFile(join(folder, 'calltape.baseline.json'), 'utf8')).not.toContain('n17');
});
