import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TapeError } from '../src/errors.ts';
import { defineBodyText } from '../src/filter-body.ts';
import { FilterError } from '../src/filter-error.ts';
import { describeFilter, parseFilter } from '../src/filter.ts';
import { MIGRATIONS } from '../src/schema.ts';

/** 22 November 2026, 15:00 where the test runs. */
const NOW = new Date(2026, 10, 22, 15, 0, 0).getTime();
const minutesAgo = (minutes: number): number => NOW - minutes * 60_000;

interface Row {
  readonly method: string;
  readonly origin: string;
  readonly template: string;
  readonly url: string;
  readonly recording: 1 | 2;
  readonly status: number | null;
  readonly outcome: string;
  readonly ms: number | null;
  readonly bytes: number | null;
  readonly sent: number;
  readonly error: string | null;
  readonly message: string | null;
  readonly fault: string | null;
  readonly started: number;
  readonly request: readonly string[];
  readonly response: readonly string[] | null;
}

const API = 'https://api.stripe.com';

const USUAL: Omit<Row, 'url'> = {
  method: 'GET',
  origin: API,
  template: '/',
  recording: 1,
  status: 200,
  outcome: 'complete',
  ms: 100,
  bytes: 500,
  sent: 0,
  error: null,
  message: null,
  fault: null,
  started: minutesAgo(10),
  request: ['Host', 'api.stripe.com', 'Accept', '*/*'],
  response: [],
};

/** Row n has id n + 1. */
const ROWS: readonly (Partial<Row> & { readonly url: string })[] = [
  {
    url: `${API}/v1/charges?limit=10`,
    template: '/v1/charges',
    response: ['Content-Type', 'application/json; charset=utf-8', 'X-Request-Id', 'req_1'],
    bytes: 20_000,
  },
  {
    method: 'POST',
    url: `${API}/v1/charges`,
    template: '/v1/charges',
    status: 503,
    ms: 1500.2,
    started: minutesAgo(3),
    request: ['Content-Type', 'application/x-www-form-urlencoded', 'Idempotency-Key', 'k'],
    response: ['content-type', 'text/html', 'Retry-After', '2'],
    fault: 'POST /v1/charges status=503',
    recording: 2,
  },
  {
    url: 'http://localhost:3000/health',
    origin: 'http://localhost:3000',
    template: '/health',
    status: null,
    outcome: 'error',
    error: 'ECONNREFUSED',
    message: 'connect ECONNREFUSED 127.0.0.1:3000',
    request: ['Host', 'api.stripe.com', 'Accept', '*/*', 'X_Own', '1'],
    ms: 299.6,
    bytes: null,
    response: null,
  },
  {
    url: `${API}/v1/customers/cus_100%25/_sub?x=http://h`,
    template: '/v1/customers/{customer}/_sub',
    status: null,
    outcome: 'pending',
    ms: null,
    bytes: null,
    response: null,
    started: minutesAgo(0),
  },
  {
    method: 'DELETE',
    url: `${API}/v1/customers/1`,
    template: '/v1/customers/{customer}',
    status: 404,
    outcome: 'truncated',
    started: minutesAgo(60 * 24 * 3),
    response: ['Content-Length', '120', 'X-Note', 'a 100% "quoted" \\ note'],
    sent: 42,
  },
];

/** Heads of the first formats, and those in which every other line has a row of its own. */
const SHARED = [null, 0, 1] as const;
type Shared = (typeof SHARED)[number];

let tapes: readonly Database.Database[] = [];

function tapeWith(shared: Shared): Database.Database {
  const database = new Database(':memory:');
  defineBodyText(database);
  for (const migration of MIGRATIONS) database.exec(migration);
  const recording = database.prepare(
    'INSERT INTO recording (id, name, source, started_at) VALUES (?, ?, ?, 0)',
  );
  recording.run(1, 'before deploy', 'proxy');
  recording.run(2, 'served', 'mock');
  ROWS.forEach((row, index) => insert(database, { ...USUAL, ...row }, index + 1, shared));
  return database;
}

beforeAll(() => {
  tapes = SHARED.map((shared) => tapeWith(shared));
});

afterAll(() => {
  for (const database of tapes) database.close();
});

function cellOf(database: Database.Database, flat: readonly string[], shared: Shared): string {
  const insertLine = database
    .prepare('INSERT INTO header_line (name, value, uses) VALUES (?, ?, 1) RETURNING id')
    .pluck();
  const items: unknown[] = [];
  for (let at = 0; at < flat.length; at += 2) {
    const line = flat.slice(at, at + 2);
    items.push((at / 2) % 2 === shared ? insertLine.get(...line) : line);
  }
  return JSON.stringify(shared === null ? flat : items);
}

function insert(database: Database.Database, row: Row, id: number, shared: Shared): void {
  const { method, origin, template, url, recording, started, outcome, status } = row;
  database
    .prepare('INSERT OR IGNORE INTO endpoint (method, origin, template) VALUES (?, ?, ?)')
    .run(method, origin, template);
  database
    .prepare(
      `INSERT INTO exchange (id, recording_id, endpoint_id, started_at, outcome, url, http_version,
         request_headers, request_bytes, status, response_headers, response_bytes, error_type,
         error_message, duration_ms, fault)
       VALUES (?, ?, (SELECT id FROM endpoint WHERE method = ? AND origin = ? AND template = ?),
         ?, ?, ?, '1.1', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      recording,
      method,
      origin,
      template,
      started,
      outcome,
      url,
      cellOf(database, row.request, shared),
      row.sent,
      status,
      row.response === null ? null : cellOf(database, row.response, shared),
      row.bytes,
      row.error,
      row.message,
      row.ms,
      row.fault,
    );
}

const FROM = `exchange AS x JOIN recording AS r ON r.id = x.recording_id
  JOIN endpoint AS e ON e.id = x.endpoint_id`;

/** The ids that match, as text: `1 3`. */
function matching(text: string): string {
  const { sql, params } = parseFilter(text, NOW);
  const found = tapes.map((database) =>
    database
      .prepare<(string | number)[], number>(`SELECT x.id FROM ${FROM} WHERE ${sql} ORDER BY x.id`)
      .pluck()
      .all(...params)
      .join(' '),
  );
  expect(new Set(found).size).toBe(1);
  return found[0] ?? '';
}

describe('which calls match', () => {
  test.each([
    // Nothing asked
    ['', '1 2 3 4 5'],
    ['   ', '1 2 3 4 5'],
    // host, path, url, method, ep
    ['host:stripe', '1 2 4 5'],
    ['HOST:STRIPE', '1 2 4 5'],
    ['host=api.stripe.com', '1 2 4 5'],
    ['host=stripe', ''],
    ['host:localhost:3000', '3'],
    ['host!=api.stripe.com', '3'],
    ['path:/v1/charges', '1 2'],
    ['path=/v1/charges', '1 2'],
    ['path:limit', ''],
    ['url:limit=10', '1'],
    ['http://localhost', '3'],
    ['method:post', '2'],
    ['method!=GET', '2 5'],
    ['ep:{customer}', '4 5'],
    ['ep="DELETE /v1/customers/{customer}"', '5'],
    ['ep="DELETE https://api.stripe.com/v1/customers/{customer}"', '5'],
    // status
    ['status:5xx', '2'],
    ['status:4XX', '5'],
    ['status:2xx..4xx', '1 5'],
    ['status:400..503', '2 5'],
    ['status:200', '1'],
    ['status=404', '5'],
    ['status!=200', '2 3 4 5'],
    ['status>=400', '2 5'],
    ['status:>=400', '2 5'],
    ['status>4xx', '2'],
    ['status<=4xx', '1 5'],
    ['status<4xx', '1'],
    // Numbers with units
    ['ms>300', '2'],
    ['ms>1.5s', '2'],
    ['ms>=1501', ''],
    ['ms:300', '3'],
    ['ms:100..300ms', '1 3 5'],
    ['ms<1m', '1 2 3 5'],
    ['bytes>=20kb', '1'],
    ['bytes>19.5kib', '1'],
    ['bytes=500', '2 5'],
    ['req.bytes>41', '5'],
    ['id:2..3', '2 3'],
    ['id>3', '4 5'],
    // Type of the answer, headers
    ['type:json', '1'],
    ['type=application/json', '1'],
    ['type:html', '2'],
    ['header.retry-after', '2'],
    ['header.retry_after', ''],
    ['header.x_own', '3'],
    ['header.x_own=1', '3'],
    ['header.Retry-After:2', '2'],
    ['header.retry-after>=2', '2'],
    ['header.retry-after>2', ''],
    ['header.content-length:100..200', ''],
    ['header.content-length<200', '5'],
    ['header.content-type:json', '1'],
    ['header.content-type:form', '2'],
    ['res.header.content-type:form', ''],
    ['req.header.content-type:form', '2'],
    ['header.host=API.stripe.com', '1 3 4 5'],
    ['header.host!=api.stripe.com', '2'],
    ['-header.content-type', '3 4 5'],
    ['header.accept', '1 3 4 5'],
    // What became of it
    ['outcome:error', '3'],
    ['outcome!=complete', '3 4 5'],
    ['error:ECONN', '3'],
    ['error:127.0.0.1', '3'],
    ['error', '3 5'],
    ['-error', '1 2 4'],
    ['pending', '4'],
    ['inflight', '4'],
    ['not inflight', '1 2 3 5'],
    ['fault', '2'],
    ['fault:status', '2'],
    ['-fault', '1 3 4 5'],
    // Where it is from
    ['recording:deploy', '1 3 4 5'],
    ['recording="before deploy"', '1 3 4 5'],
    ['tape:served', '2'],
    ['kind:mock', '2'],
    ['kind:live', '1 3 4 5'],
    ['kind:proxy', '1 3 4 5'],
    // Time
    ['since:5m', '2 4'],
    ['since:14:55', '2 4'],
    ['since:15:01', '1 2 3 4'],
    ['until:14:57', '1 2 3 5'],
    ['since:2026-11-22', '1 2 3 4'],
    ['since:2026-11-22T14:58', '4'],
    ['until:1d', '5'],
    ['since:11m until:5m', '1 3'],
    // Text
    ['charges', '1 2'],
    ['POST', '2'],
    ['"POST api.stripe.com/v1"', '2'],
    ["'delete API'", '5'],
    ['limit=10', null],
    ['/v1/charges?limit=10', '1'],
    ['"error"', ''],
    ['ecodeheaders', ''],
    // LIKE's wildcards are plain text
    ['"100%"', '4'],
    ['_sub', '4'],
    ['path:/_sub', '4'],
    ['path:c_s', ''],
    ['path:%', '4'],
    ['header.x-note:100%', '5'],
    [String.raw`header.x-note:"\"quoted\" \\ note"`, '5'],
    // Logic
    ['host:stripe status:200', '1'],
    ['host:stripe and status:200', '1'],
    ['host:stripe & status:200', '1'],
    ['status:200 or status:404', '1 5'],
    ['status:200 || status:404', '1 5'],
    ['status:200 or status:404 and method:DELETE', '1 5'],
    ['(status:200 or status:404) and method:DELETE', '5'],
    ['-(status:200 or status:404)', '2 3 4'],
    ['not status:200', '2 3 4 5'],
    ['!status:200', '2 3 4 5'],
    ['not not status:200', '1'],
    ['-status:5xx', '1 3 4 5'],
    ['-ms>300', '1 3 4 5'],
    ['host:stripe and (status:5xx or ms>300) -path:/health', '2'],
    ['NOT (host:localhost OR method:POST)', '1 4 5'],
    // mitmproxy's names
    ['~m POST', '2'],
    ['~c 5xx', '2'],
    ['~c 404', '5'],
    ['~d stripe', '1 2 4 5'],
    ['~u limit', '1'],
    ['~h "Retry-After: 2"', '2'],
    ['~h accept', '1 3 4 5'],
    ['~hq idempotency', '2'],
    ['~hs idempotency', ''],
    ['~t json', '1'],
    ['~e', '3 5'],
    ['~q', '3 4'],
    ['!~q & ~m GET', '1'],
  ])('%s', (text, ids) => {
    if (ids === null) expect(() => parseFilter(text, NOW)).toThrow(/there is no field "limit"/);
    else expect(matching(text)).toBe(ids);
  });
});

test('every value is bound', () => {
  const nasty = `'; DROP TABLE exchange; --`;
  for (const field of ['host', 'path', 'url', 'method', 'ep', 'error', 'recording', 'type']) {
    const filter = parseFilter(`${field}:"${nasty}"`, NOW);
    expect(filter.sql).not.toContain('DROP');
    expect(matching(`${field}:"${nasty}"`)).toBe('');
  }
});

test('whatever is typed is either refused with a place or runs', () => {
  const piece = fc.oneof(
    fc.constantFrom('host:', 'status', ':', '>', '5xx', '"', "'", '(', ')', '-', '!', '~', '~c '),
    fc.constantFrom(
      ' and ',
      ' or ',
      ' not ',
      'header.a',
      '=',
      '..',
      '300ms',
      '%',
      '\\',
      'since:5m',
    ),
    fc.string({ maxLength: 5 }),
  );
  const typed = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(typed, (text) => {
      try {
        expect(matching(text)).toMatch(/^[1-5 ]*$/);
        expect(describeFilter({ text })).toMatch(/^(?:All calls|Calls where .+)\.$/s);
      } catch (error) {
        if (!(error instanceof FilterError)) throw error;
        expect(error.position).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 1000 },
  );
});

test('a filter remembers its text', () => {
  expect(parseFilter('status:5xx')).toMatchObject({ text: 'status:5xx', params: [500, 599] });
  expect(parseFilter('')).toEqual({ text: '', sql: '1', params: [] });
});

function failure(text: string): FilterError {
  try {
    parseFilter(text, NOW);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}

describe('what is wrong, and where', () => {
  test.each([
    ['statsu:5xx', 0, 'there is no field "statsu". Did you mean "status"?'],
    ['host:a meth:GET', 7, 'Did you mean "method"?'],
    ['Hots:a', 0, 'Did you mean "host"?'],
    ['localhost:3000', 0, 'The fields are host, path'],
    ['localhost:3000', 0, 'To look for this as text, quote it'],
    ['status:abc', 7, '"abc" is no status. Write 404, 5xx or 2xx..4xx'],
    ['status:5xx..4xx', 7, 'is no range'],
    ['status:', 7, 'the value of "status" is missing'],
    ['host: stripe', 5, 'the value of "host" is missing'],
    ['host:""', 5, 'the text to look for is missing'],
    ['ms>fast', 3, '"fast" is no duration'],
    ['ms>5kb', 3, '"5kb" is no duration'],
    ['bytes>5m', 6, '"5m" is no size'],
    ['id:x', 3, '"x" is no whole number'],
    ['host>5', 5, 'the host is no number; use ":", "=" or "!="'],
    ['header.retry-after>soon', 19, '"soon" is no number'],
    ['outcome:fine', 8, '"fine" is not known here. Use complete, aborted'],
    ['kind:__proto__', 5, 'is not known here. Use live, mock'],
    ['constructor:x', 0, 'there is no field "constructor"'],
    ['since:yesterday', 6, '"yesterday" is no time. Write 5m, 14:30'],
    ['since:25:00', 6, 'is no time'],
    ['since:2026-13-45', 6, 'is no time'],
    ['path~^/v1', 4, 'regular expressions are not supported. Write path:'],
    ['/v1\\/.*/', 0, 'regular expressions are not supported'],
    ['status:200 ~b', 13, 'needs a text behind it'],
    ['~marked', 0, 'there is no "~marked". These are known: ~m ~c'],
    ['~d', 2, '"~d" needs a text behind it'],
    ['~c abc', 3, 'is no status'],
    ['(status:200', 0, 'this "(" is never closed'],
    ['status:200)', 10, 'there is no "(" to this ")"'],
    ['()', 1, 'a condition is missing here'],
    ['status:200 or', 13, 'a condition is missing at the end'],
    ['or x', 0, 'a condition is missing here'],
    ['host:"abc', 5, 'this quote is never closed'],
    ['"abc', 0, 'this quote is never closed'],
  ])('%s', (text, position, problem) => {
    const error = failure(text);
    expect(error).toBeInstanceOf(TapeError);
    expect(error.code).toBe('FILTER_INVALID');
    expect(error.message).toContain(problem);
    expect(error.message).toContain(`at character ${position + 1}`);
    expect(error.position).toBe(position);
  });

  test('more than SQLite would take is refused, the most is taken', () => {
    const most = Array.from({ length: 200 }, () => 'header.a:b').join(' ');
    expect(matching(most)).toBe('');
    expect(failure(`${most} c`).message).toContain('more than 200 conditions');
    const deep = `${'-('.repeat(50)}charges${')'.repeat(50)}`;
    expect(matching(deep)).toBe('1 2');
    expect(failure(`(${deep})`).message).toContain('more than 50');
    expect(matching('-'.repeat(9000) + 'charges')).toBe('1 2');
    expect(failure('('.repeat(100_000)).message).toContain('more than 50');
  });
});

test('a filter in words', () => {
  const words: [string, string][] = [
    ['', 'All calls.'],
    ['host:stripe', 'Calls where the host contains "stripe".'],
    [
      'host:stripe and (status:5xx or ms>300) -path:/health',
      'Calls where the host contains "stripe" and (the status is 5xx or the duration is over 300 ms) and the path does not contain "/health".',
    ],
    ['bytes>=20kb', 'Calls where the size of the answer is at least 20kb.'],
    [
      '-(error or ~q)',
      'Calls where not (the call failed before a whole answer or there is no answer).',
    ],
    ['since:5m', 'Calls where the call started in the last 5m.'],
    ['header.retry-after', 'Calls where there is a header retry-after.'],
    ['-res.header.etag=x', 'Calls where response header etag is not "x".'],
    ['not method:post', 'Calls where the method is not POST.'],
  ];
  for (const [text, sentence] of words) expect(describeFilter({ text })).toBe(sentence);
});
