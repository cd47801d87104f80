import { expect, test } from 'vitest';
import { textTable, type Column } from '../src/text-table.ts';
import { counted, sizeText, timeText } from '../src/units.ts';
import { harmlessJson, jsonLine } from '../src/output.ts';
import { DURATION, SIZE } from '../src/value-kinds.ts';

interface Row {
  readonly n: number;
  readonly name: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'N', align: 'right', cell: ({ n }) => String(n) },
  { title: 'NAME', align: 'left', cell: ({ name }) => name, paint: (text) => `<${text}>` },
];
const ROWS: readonly Row[] = [
  { n: 1, name: 'a rather long name' },
  { n: 100, name: 'b' },
];

test('columns are padded, and lines end where their text does', () => {
  expect(textTable(ROWS, COLUMNS, { color: false, columns: null })).toBe(
    '  N  NAME\n  1  a rather long name\n100  b\n',
  );
});

test('on a terminal no line is wider than it', () => {
  const text = textTable(ROWS, COLUMNS, { color: false, columns: 12 });
  expect(text).toBe('  N  NAME\n  1  a rath…\n100  b\n');
  for (const columns of [1, 2, 3, 4, 5, 6]) {
    const lines = textTable(ROWS, COLUMNS, { color: false, columns }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  }
});

test('cells are coloured only where colours are wanted, the heading never', () => {
  expect(textTable(ROWS, COLUMNS, { color: true, columns: 12 })).toContain(
    'NAME\n  1  <a rath…>\n',
  );
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 kB'],
  [10 * 1024 ** 2, '10.0 MB'],
  [5000 * 1024 ** 3, '5000.0 GB'],
])('%i bytes read %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test('times read in UTC, counts in the right number', () => {
  expect(timeText(0)).toBe('1970-01-01 00:00:00.000');
  expect([counted(1, 'call'), counted(0, 'call')]).toEqual(['1 call', '0 calls']);
});

test.each([
  [SIZE, '200', 200],
  [SIZE, '1.5kb', 1536],
  [SIZE, '10MB', 10 * 1024 ** 2],
  [SIZE, '1gb', 1024 ** 3],
  [SIZE, '10 mb', undefined],
  [SIZE, '-1', undefined],
  [SIZE, '1tb', undefined],
  [SIZE, '', undefined],
  [SIZE, '1__proto__', undefined],
  [DURATION, '250ms', 250],
  [DURATION, '30s', 30_000],
  [DURATION, '1.5h', 5_400_000],
  [DURATION, '7d', 604_800_000],
  [DURATION, '15', undefined],
  [DURATION, '15 minutes', undefined],
])('a quantity is read or refused', (kind, text, value) => {
  expect([text, kind.parse(text)]).toEqual([text, value]);
});

test('JSON for a terminal has the same value and nothing that acts', () => {
  const value = { a: '\u001b[2J \u009b2J \u202e \u2028 \u{e0041} ü 漢' };
  expect(JSON.parse(jsonLine(value))).toEqual(value);
  expect(harmlessJson(JSON.stringify(value))).toMatch(/^[ -~ü漢]+$/);
});
