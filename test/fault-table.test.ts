// docs/faults.md says what clients see of each fault; here they are run, and it has to be that.

import { expect, test } from 'vitest';
import { parseFault } from '@calltape/mock';
import { CASES } from '../scripts/fault-table/cases.ts';
import { committedCurl, committedTable } from '../scripts/fault-table/document.ts';
import { curlVersion, faultTable } from '../scripts/fault-table/table.ts';

/** Another curl may say the same by another number. */
const CURL_IS_THE_SAME = curlVersion() === committedCurl();

function comparable(rows: readonly (readonly string[])[]): string[] {
  return rows.map((row) => (CURL_IS_THE_SAME ? row : row.slice(0, -1)).join(' | '));
}

test('the table is what the clients see', { timeout: 120_000 }, async () => {
  const made = await faultTable();
  expect(comparable(committedTable())).toEqual(comparable(made));
});

test('the table has every kind of fault', () => {
  const kinds = new Set(CASES.map(({ fault }) => /^[\w-]+/.exec(fault)?.[0]));
  let known = '';
  try {
    parseFault('GET /a no-such-kind');
  } catch (error) {
    known = /The kinds are (?<kinds>.*)\.$/.exec(String(error))?.groups?.['kinds'] ?? '';
  }
  expect(kinds).toEqual(new Set(known.split(', ')));
});
