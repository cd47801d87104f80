import {
  array,
  assert,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  string,
  tuple,
} from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { expect, it } from 'vitest';
import type { HeadStep, Plan, Step } from '../../src/step.ts';
import { altered, chunk } from './plan-words.ts';

const FAULTS: readonly string[] = [
  'latency=10ms',
  'latency=uniform(1ms,2s)',
  'bandwidth=1kb/s',
  'bandwidth=1b/s',
  'timeout',
  'timeout at=headers',
  'timeout at=bytes:3',
  'timeout at=chunk:1',
  'reset',
  'reset at=headers',
  'reset at=bytes:3',
  'reset at=chunk:2',
  'close',
  'close at=bytes:0',
  'close at=bytes:7',
  'close at=chunk:1',
  'empty',
  'truncate=50%',
  'truncate=2',
  'malformed',
  'garbage',
  'slow-close=1s',
  'lose-reply',
  'lose-reply=close',
  'lose-reply=timeout',
  'status=503',
  'status=204',
  'rate-limit=1/s',
  'unauthorized',
  'drop-field',
  'drop-field=/a',
  'null-field',
  'retype-field',
  'retype-field=/a:object',
  'rename-field',
  'extra-field',
  'new-enum',
  'empty-array',
  'drift',
];

const CONTENT: Arbitrary<string> = oneof(
  string(),
  record({
    a: oneof(string(), integer()),
    b_c: array(record({ d: string({ unit: 'grapheme' }) })),
  }).map((value) => JSON.stringify(value)),
);

const WAITS: Arbitrary<Step[]> = array(integer({ min: 0, max: 100 }), { maxLength: 2 }).map((all) =>
  all.map((ms) => ({ kind: 'wait', ms })),
);

function framed(framing: HeadStep['framing'], length: number): string[] {
  if (framing === 'length') return ['Content-Length', String(length)];
  if (framing === 'chunked') return ['Transfer-Encoding', 'chunked'];
  return framing === 'close' ? ['Connection', 'close'] : [];
}

function pieces(text: string, at: number): Step[] {
  const bytes = Buffer.from(text);
  const cut = bytes.length === 0 ? 0 : at % bytes.length;
  return [bytes.subarray(0, cut), bytes.subarray(cut)]
    .filter(({ length }) => length > 0)
    .map((piece) => chunk(piece));
}

const ANSWERS: Arbitrary<Plan> = tuple(
  WAITS,
  constantFrom<HeadStep['framing']>('none', 'length', 'chunked', 'close'),
  CONTENT,
  integer({ min: 0, max: 999 }),
  constantFrom<Step['kind'] & ('end' | 'close' | 'reset' | 'hang')>(
    'end',
    'close',
    'reset',
    'hang',
  ),
).map(([waits, framing, text, at, ending]): Plan => {
  const content = framing === 'none' ? '' : text;
  const headers = [
    'Content-Type',
    'application/json',
    ...framed(framing, Buffer.byteLength(content)),
  ];
  const head: HeadStep = { kind: 'head', status: 200, statusText: 'OK', headers, framing };
  const last: Step = ending === 'end' ? { kind: 'end', trailers: [] } : { kind: ending };
  return [...waits, head, ...pieces(content, at), last];
});

const PLANS: Arbitrary<Plan> = oneof(
  { weight: 9, arbitrary: ANSWERS },
  { weight: 1, arbitrary: WAITS.map((waits): Plan => [...waits, { kind: 'reset' }]) },
);

const LAST: ReadonlySet<string> = new Set(['end', 'close', 'reset', 'hang']);

function field(head: HeadStep, name: string): string[] {
  return head.headers.filter(
    (_, at) => at % 2 === 1 && head.headers[at - 1]?.toLowerCase() === name,
  );
}

function checkHead(head: HeadStep, plan: Plan): void {
  expect(head.headers.length % 2).toBe(0);
  for (let at = 0; at < head.headers.length; at += 2) {
    validateHeaderName(head.headers[at] ?? '');
    validateHeaderValue(head.headers[at] ?? '', head.headers[at + 1] ?? '');
  }
  const length = plan.reduce(
    (sum, step) => sum + (step.kind === 'chunk' ? step.bytes.length : 0),
    0,
  );
  expect(field(head, 'transfer-encoding')).toHaveLength(head.framing === 'chunked' ? 1 : 0);
  if (head.framing === 'none') expect(length).toBe(0);
  if (head.framing !== 'length') expect(field(head, 'content-length')).toEqual([]);
  else if (plan.at(-1)?.kind === 'end') {
    expect(field(head, 'content-length')).toEqual([String(length)]);
  } else {
    expect(field(head, 'content-length')).toHaveLength(1);
    expect(Number(field(head, 'content-length')[0])).toBeGreaterThanOrEqual(length);
  }
}

/** What perform.ts takes for granted of a plan. */
function checkPlan(plan: Plan): void {
  const kinds = plan.map(({ kind }) => kind);
  const head = plan.find((step) => step.kind === 'head');
  const at = kinds.indexOf('head');
  expect(kinds.filter((kind) => kind === 'head').length).toBeLessThanOrEqual(1);
  expect(kinds.findIndex((kind) => LAST.has(kind))).toBe(kinds.length - 1);
  expect(kinds.slice(0, at === -1 ? undefined : at)).not.toContain('chunk');
  if (kinds.includes('end')) expect(at).not.toBe(-1);
  if (kinds.includes('raw')) {
    expect(kinds.at(-1)).not.toBe('end');
    expect(kinds.slice(kinds.indexOf('raw'))).not.toContain('chunk');
  }
  for (const step of plan) {
    if (step.kind === 'wait') expect(step.ms).toBeGreaterThanOrEqual(0);
    if (step.kind === 'wait') expect(step.ms).toBeLessThanOrEqual(24 * 3_600_000);
    if (step.kind === 'chunk') expect(step.bytes.length).toBeGreaterThan(0);
  }
  if (head !== undefined) checkHead(head, plan);
}

it.each(FAULTS)('%s keeps plans well formed', (fault) => {
  const quota = { used: 2, resetMs: 500 };
  assert(
    property(PLANS, integer(), (plan, seed) => {
      const before = JSON.stringify(plan);
      checkPlan(altered(fault, plan, seed, { quota }));
      expect(JSON.stringify(plan)).toBe(before);
    }),
  );
});

it('two faults, one after the other, keep them too', () => {
  const faults = constantFrom(...FAULTS);
  assert(
    property(PLANS, faults, faults, integer(), (plan, first, second, seed) => {
      const quota = { used: 2, resetMs: 500 };
      checkPlan(altered(second, altered(first, plan, seed, { quota }), seed, { quota }));
    }),
    { numRuns: 2_000 },
  );
});
