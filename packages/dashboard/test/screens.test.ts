import { screen } from '@calltape/dashboard';
import { beforeAll, describe, expect, test } from 'vitest';
import { uncoloured } from '../src/theme.ts';
import { coloursIn, withoutColours } from './colours.ts';
import { calls, finished, freshFile, record, tapeOf } from './tapes.ts';
import { User } from './user.ts';
import { cellsOf } from './width.ts';

const RULE = 'GET /v1/customers status=503 p=0.15';
const SIZES = [
  [200, 50],
  [120, 32],
  [80, 24],
  [79, 23],
  [60, 15],
  [59, 14],
  [40, 5],
  [20, 2],
  [3, 1],
] as const;

let file: string;

beforeAll(async () => {
  file = await freshFile('today.tape');
  const live = await record(file, 'proxy');
  for (const parts of calls(120, (n) => ({
    url: `https://api.example-payments.test/v1/customers/cus_NffrFeUfNV2Hi${n}/cards?limit=100`,
    durationMs: 40 + n,
    status: n % 40 === 0 ? 500 : 200,
  }))) {
    live.finish(finished(parts));
  }
  live.finish(finished({ url: 'https://hooks.test/', error: 'ECONNRESET', method: 'DELETE' }));
  live.finish(finished({ url: 'https://slow.test/export', durationMs: 123_456, status: 429 }));
  await live.close();
  const mock = await record(file, 'mock');
  for (const parts of calls(30, (n) => ({
    url: 'https://api.example-payments.test/v1/customers',
    durationMs: 3,
    ...(n < 5 ? { status: 503, fault: RULE, durationMs: 2004 } : {}),
  }))) {
    mock.finish(finished(parts));
  }
  await mock.close();
});

test.each([
  ['the overview', []],
  ['the list of calls', ['2']],
  ['a call', ['2', 'g', 'enter']],
  ['an altered call', ['2', 'enter']],
  ['faults, with no mock to switch', ['5']],
  ['a rule being typed', ['5', 'n', 'a']],
  ['help', ['?']],
  ['a filter being typed', ['/', 'm', 's', '>', '9']],
  ['a wrong filter', ['/', 'n', 'o', 'p', 'e', ':', '1', ' ', '(']],
  ['a paused picture', ['p']],
] as const)('%s fills the screen exactly at every size', (_name, keys) => {
  for (const glyphs of ['block', 'ascii'] as const) {
    const user = new User({ file, glyphs }).press(...keys);
    for (const [columns, rows] of SIZES) {
      const lines = user.lines(columns, rows);
      expect(lines).toHaveLength(rows);
      expect(lines.map(cellsOf)).toEqual(lines.map(() => columns));
    }
  }
});

describe('the overview', () => {
  test.each([
    [80, 24],
    [200, 50],
    [60, 15],
  ])('says rate, errors, durations and endpoints at %i x %i', (columns, rows) => {
    const text = screen({ file, columns, rows, view: 'overview' }).join('\n');
    expect(text).toContain('today.tape');
    expect(text).toMatch(/\d+\.\d\/s/);
    expect(text).toMatch(/p50 \d+/);
    expect(text).toMatch(/in flight 0|IN FLIGHT/);
    expect(text).toMatch(/\/v1\/customers\/\{\w+\}\/cards +120/);
    expect(text).toContain('5 altered by faults');
    expect(text).toContain('503 5 (↯5)');
  });

  test('keeps live calls, mocked ones and altered ones apart', () => {
    const text = screen({ file, columns: 120, rows: 32, view: 'overview' }).join('\n');
    expect(text).toMatch(
      /live 122 {2}err 3\.3% {2}p95 154 {3}│ {3}▷ mock 25 {2}err 0% {2}p95 3\.0/,
    );
    expect(text).toContain('5 failed  p95 ~');
    expect(text).toContain(`5 ${RULE}`);
    const mocked = text.split('\n').find((line) => line.includes('▷ GET'));
    expect(mocked).toMatch(/\/v1\/customers  .*30 .* 16\.7% .* 3\.0/);
  });

  test('lists the newest calls below where there is room', () => {
    const lines = screen({ file, columns: 200, rows: 50, view: 'overview' });
    const at = lines.findIndex((line) => line.includes('LATEST CALLS'));
    expect(at).toBeGreaterThan(0);
    expect(lines.slice(at + 2, -1)).toHaveLength(31);
    expect(lines.at(-2)).toContain('▷');
  });

  test('on a small terminal is one line of figures and what is missing', () => {
    const lines = screen({ file, columns: 50, rows: 10, view: 'overview' });
    expect(lines[0]).toMatch(/^ \d+\.\d\/s {2}err 5\.9% {2}p95 \d+/);
    expect(lines[1]).toBe(' full view needs 60x15, have 50x10');
    expect(lines.slice(2).join('')).toBe('');
  });
});

describe('the list of calls', () => {
  test('marks how a call went and where it came from', () => {
    const user = new User({ file });
    user.lines(200, 50);
    const shown = (filter: string): string =>
      user.press('2', '/', 'ctrl-u').type(filter).press('enter').look();
    expect(shown('fault')).toMatch(/✗ 503 GET .*\/v1\/customers .* 2 004 .* ↯ /);
    expect(shown('kind:mock -fault')).toMatch(/✓ 200 GET .*\/v1\/customers .* 3\.0 .* ▷ /);
    expect(shown('host:slow')).toMatch(/! 429 GET .*slow\.test .*\/export .* 2m03s/);
    expect(shown('host:nowhere')).toMatch(/ calltape {2}not recording {2}today\.tape {2}152 calls/);
    expect(shown('error')).toMatch(/✗ --- DELETE hooks\.test/);
  });

  test('draws when each call ran', () => {
    const lines = new User({ file }).press('2').lines(200, 50);
    expect(lines[1]).toMatch(/\d\d:\d\d:\d\d ─+ \d\d:\d\d:\d\d/);
    expect(lines.filter((line) => /[▒█]/.test(line)).length).toBeGreaterThan(20);
  });

  test.each(['block', 'ascii'] as const)('shows numbers whole at every width, in %s', (glyphs) => {
    const user = new User({ file, glyphs }).press('2');
    for (let columns = 60; columns <= 200; columns += 3) {
      const [, titles = '', ...rows] = user.lines(columns, 40);
      if (!/\bMS\b/.test(titles)) continue;
      expect(rows.filter((row) => / 503 /.test(row) && !/ 2 004 /.test(row))).toEqual([]);
    }
  });
});

test('with ascii nothing but ASCII is drawn', () => {
  const user = new User({ file, glyphs: 'ascii' });
  for (const keys of [['1'], ['2'], ['enter'], ['?'], ['escape', 'escape', '/', 'x']]) {
    expect(user.press(...keys).look()).toMatch(/^[ -~\n]*$/);
  }
});

test('with NO_COLOR there are no colours, and the same text', () => {
  const { session } = new User({ file });
  const lines = session.lines(80, 24, uncoloured);
  const codes = coloursIn(lines.join(''));
  expect(codes).toEqual(new Set(['\u001b[1m', '\u001b[2m', '\u001b[0m']));
  const text = lines.map((line) => withoutColours(line).trimEnd());
  expect(text).toEqual(screen({ file, columns: 80, rows: 24, view: 'overview' }));
});

test('without a mock to control, the faults screen says how to have one', () => {
  const user = new User({ file }).press('5').wait();
  expect(user.look()).toContain('No mock with a control API writes this tape.');
  expect(user.look()).toContain('--served served.tape --control-port 0');
  const before = user.look();
  expect(user.press(' ', 'R', 'j', 'G').look()).toBe(before);
  expect(user.press('q').session.ended).toBe(true);
});

test('a tape without calls says how to get some', async () => {
  const empty = await tapeOf([]);
  expect(new User({ file: empty }).look()).toContain('calltape record https://api.example.com');
  expect(new User({ file: empty }).press('2').look()).toContain('No calls on this tape yet.');
});
