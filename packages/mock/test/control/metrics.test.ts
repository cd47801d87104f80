import { DurationHistogram, startMetricsServer } from '@calltape/mock';
import type { Family } from '@calltape/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { send } from '../http.ts';
import { ask, controlled } from './asking.ts';
import { parseExposition, valuesOf } from './exposition-parser.ts';

const OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

function histogram(...ms: number[]): DurationHistogram {
  const durations = new DurationHistogram();
  for (const one of ms) durations.note(one);
  return durations;
}

const FAMILIES: readonly Family[] = [
  {
    kind: 'counter',
    name: 'calls',
    help: 'a "quote", a \\ and\na line',
    samples: [
      {
        labels: [
          ['host', 'a"b\\c\nd{},= \u{1F600}'],
          ['at', ''],
        ],
        value: 3,
      },
      {
        labels: [
          ['host', '\uD800'],
          ['at', 'x'],
        ],
        value: 1e21,
      },
    ],
  },
  {
    kind: 'histogram',
    name: 'duration_seconds',
    help: 'time',
    series: [
      { labels: [['host', 'a']], histogram: histogram(1, 5, 5.1, 700, 61_000) },
      { labels: [['host', 'b']], histogram: histogram() },
    ],
  },
  { kind: 'gauge', name: 'empty', help: 'nothing', samples: [] },
];

async function served(families: readonly Family[] = FAMILIES) {
  const server = await startMetricsServer(0, () => families);
  onTestFinished(async () => server.close());
  return { url: server.url, token: '' };
}

async function scrape(of: { url: string; token: string }, accept: string | null) {
  const said = await ask(of, { path: '/metrics', headers: { accept } });
  const type = String(said.headers['content-type']);
  return { type, text: said.text, families: parseExposition(said.text, type) };
}

describe('the formats', () => {
  test.each([
    [null, 'text/plain; version=0.0.4; charset=utf-8'],
    ['*/*', 'text/plain; version=0.0.4; charset=utf-8'],
    [
      'text/plain;version=0.0.4;q=0.9, application/openmetrics-text;q=0.1',
      'text/plain; version=0.0.4; charset=utf-8',
    ],
    ['application/openmetrics-text;q=0', 'text/plain; version=0.0.4; charset=utf-8'],
    ['application/openmetrics-text; version=1.0.0', OPEN],
    [PROMETHEUS_3, OPEN],
  ])('for %s', async (accept, type) => {
    const scraped = await scrape(await served(), accept);
    expect(scraped.type).toBe(type);
    const of = scraped.families;
    expect(of.map(({ help }) => help)[0]).toBe('a "quote", a \\ and\na line');
    expect(valuesOf(of, 'calls_total')).toEqual({
      'host=a"b\\c\nd{},= \u{1F600} at=': 3,
      'host=\uFFFD at=x': 1e21,
    });
    expect(valuesOf(of, 'duration_seconds_count')).toEqual({ 'host=a': 5, 'host=b': 0 });
    expect(valuesOf(of, 'duration_seconds_sum')['host=a']).toBeCloseTo(61.7111);
    const one = type === OPEN ? '1.0' : '1';
    expect(valuesOf(of, 'duration_seconds_bucket')).toMatchObject({
      'host=a le=0.005': 2,
      'host=a le=0.01': 3,
      [`host=a le=${one}`]: 4,
      'host=a le=+Inf': 5,
    });
  });
});

describe('the port for figures alone', () => {
  test('asks for no token, but for a name of this machine and no foreign page', async () => {
    const of = await served();
    const path = '/metrics';
    const plain = { authorization: null };
    expect(await ask(of, { path, headers: plain })).toMatchObject({ status: 200 });
    for (const [headers, status] of [
      [{ ...plain, host: 'evil.example' }, 421],
      [{ ...plain, origin: 'https://evil.example' }, 403],
      [{ ...plain, 'sec-fetch-site': 'cross-site' }, 403],
    ] as const) {
      const said = await ask(of, { path, headers });
      expect(said.status).toBe(status);
      expect(said.text).not.toContain('calls_total');
    }
    expect(await ask(of, { path: '/faults' })).toMatchObject({ status: 404 });
    expect(await ask(of, { path, method: 'POST', body: '{}' })).toMatchObject({ status: 405 });
  });
});

test('a mock tells what it answered, missed and faulted, and how long it took', async () => {
  const rule = 'GET /v1/b status=503';
  const of = await controlled([{ url: '/v1/a' }, { url: '/v1/b' }], { faults: [rule] });
  for (const path of ['/v1/a', '/v1/a', '/v1/b', '/v1/z']) await send(of.mock, path);
  for (const accept of [null, PROMETHEUS_3]) {
    const { families } = await scrape(of, accept);
    expect(valuesOf(families, 'calltape_mock_calls_total')).toEqual({
      'result=hit': 3,
      'result=lenient': 0,
      'result=miss': 1,
      'result=passed': 0,
    });
    expect(valuesOf(families, 'calltape_mock_faulted_calls_total')).toEqual({ '': 1 });
    expect(valuesOf(families, 'calltape_mock_faults_total')).toEqual({ [`id=1 rule=${rule}`]: 1 });
    expect(valuesOf(families, 'calltape_mock_call_duration_seconds_count')).toEqual({
      'result=hit': 3,
      'result=miss': 1,
    });
    // What a fault stood in for has not been had.
    expect(valuesOf(families, 'calltape_mock_unused_recordings')).toEqual({ '': 1 });
  }
  expect(await of.client.metrics()).toContain('# TYPE calltape_mock_calls_total counter');
});
