// docs/faults.md says what clients see of each fault; here they are run, and it has to be that.

import { expect, test } from 'vitest';
import { parseFault } from '@calltape/mock';
import { CASES } from '../scripts/fault-table/cases.ts';
import { curlVersion } from '../scripts/fault-table/curl.ts';
import { committedCurl, committedTable } from '../scripts/fault-table/document.ts';
import { faultTables, type Table } from '../scripts/fault-table/table.ts';

/** Another curl may say the same by another number. */
const CURL_IS_THE_SAME = curlVersion() === committedCurl();

function comparable([head = [], ...rows]: Table): string[] {
  const counts = head.map((column) => CURL_IS_THE_SAME || !column.startsWith('curl'));
  return [head, ...rows].map((row) => row.filter((_, at) => counts[at]).join(' | '));
}

test('the tables are what the clients see', { timeout: 120_000 }, async () => {
  const { plain, secure } = await faultTables();
  expect(comparable(committedTable('plain'))).toEqual(comparable(plain));
  expect(comparable(committedTable('secure'))).toEqual(comparable(secure));
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
