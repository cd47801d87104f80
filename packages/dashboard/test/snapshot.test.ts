import { snapshot, snapshotJson } from '@calltape/dashboard';
import { beforeAll, expect, test } from 'vitest';
import { finished, freshFile, record, tapeOf } from './tapes.ts';

const RULE = 'GET /v1/things status=503 first=2';
const SLOW = '* /** latency=20ms';

let file: string;

beforeAll(async () => {
  const startedAt = Date.now() - 81_400;
  file = await tapeOf(
    [
      { status: 503, fault: RULE, startedAt },
      { status: 503, fault: `${RULE}; ${SLOW}`, startedAt },
      { startedAt: startedAt + 81_000, durationMs: 400 },
    ],
    'mock',
  );
});

function line(text: string, name: string): string | undefined {
  return text.split('\n').find((one) => one.startsWith(name));
}

test('the report says how a tape is doing, a fact a line', () => {
  const report = snapshot({ file });
  expect(line(report, 'calltape')).toBe('calltape    calls.tape  3 calls on the tape');
  expect(line(report, 'window')).toMatch(
    /^window {6}\d{4}-\d\d-\d\d [\d:]{8} to \d{4}-\d\d-\d\d [\d:]{8} {2}\(whole tape: 1m21s\)$/,
  );
  expect(line(report, 'calls')).toMatch(/^calls {7}3 {2}\S+ {2}errors 2 \(66\.7%\)$/);
  expect(line(report, 'mock')).toContain('1 call  errors 0 (0%)  p50 400');
  expect(line(report, 'injected')).toContain('2 calls  errors 2 (100%)  p50 42');
  expect(line(report, 'failed')).toBe('failed      503 2 (2 injected)');
  expect(line(report, 'faults')).toBe(`faults      ${RULE}  2 calls  errors 2`);
  expect(report).toContain(`            ${SLOW}  1 call  errors 1`);
  expect(report).toMatch(/GET +\/v1\/things +3 +2 +66\.7%/);
  expect(report.endsWith('\n')).toBe(true);
});

test('the report of an empty tape is short', async () => {
  const report = snapshot({ file: await tapeOf([]) });
  expect(line(report, 'calltape')).toContain('0 calls on the tape');
  expect(line(report, 'window')).toBeUndefined();
  expect(line(report, 'METHOD')).toBeUndefined();
});

test('the report keeps to the width it is given, rules aside', () => {
  for (const columns of [60, 80, 120]) {
    const widths = snapshot({ file, columns })
      .split('\n')
      .filter((one) => /^(METHOD|GET)/.test(one))
      .map((one) => one.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
  }
});

test('the same as data', () => {
  const data = snapshotJson({ file });
  expect(data).toMatchObject({
    tape: file,
    calls: 3,
    lostCalls: 0,
    recordings: [],
    window: { kind: 'tape', coveredMs: 81_400, newestOnly: null },
    all: { calls: 3, errors: 2, inFlight: 0 },
    mock: { calls: 1 },
    injected: { calls: 2, errors: 2 },
    subject: 'mock',
    endpoints: [{ method: 'GET', origin: 'https://api.test', template: '/v1/things', injected: 2 }],
    faults: [
      { rule: RULE, calls: 2, errors: 2 },
      { rule: SLOW, calls: 1, errors: 1 },
    ],
  });
  expect(JSON.parse(JSON.stringify(data))).toEqual(data);
});

test('who writes to the tape now is in the data', async () => {
  const live = await freshFile();
  const writer = await record(live, 'proxy');
  writer.listening('http://127.0.0.1:4880');
  writer.finish(finished());
  await writer.flush();
  const { recordings, window } = snapshotJson({ file: live });
  await writer.close();
  expect(recordings).toEqual([{ source: 'proxy', url: 'http://127.0.0.1:4880' }]);
  expect(window.kind).toBe('last');
});

test('what is no tape is refused before anything is printed', async () => {
  const missing = await freshFile();
  expect(() => snapshot({ file: missing })).toThrow(
    expect.objectContaining({ code: 'TAPE_NOT_FOUND' }),
  );
});
