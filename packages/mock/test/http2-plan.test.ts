import { expect, it } from 'vitest';
import { onHttp2 } from '../src/http2-plan.ts';
import type { Plan, Step } from '../src/step.ts';

const HEAD: Step = { kind: 'head', status: 200, statusText: 'OK', headers: [], framing: 'length' };
const HALF: Step = { kind: 'chunk', bytes: Buffer.from('half') };
const WAIT: Step = { kind: 'wait', ms: 5 };
const RESET: Step = { kind: 'reset' };

it('leaves a whole answer as it is', () => {
  const interim: Step = { kind: 'interim', status: 103, statusText: '', headers: [] };
  const plan: Plan = [WAIT, interim, HEAD, HALF, { kind: 'end', trailers: ['a', '1'] }];
  expect(onHttp2(plan)).toEqual(plan);
  expect(onHttp2([HEAD, HALF, { kind: 'hang' }])).toEqual([HEAD, HALF, { kind: 'hang' }]);
  expect(onHttp2([WAIT, { kind: 'pass' }])).toEqual([WAIT, { kind: 'pass' }]);
});

it.each<[string, Plan, Plan]>([
  ['a reset', [HEAD, HALF, RESET], [HEAD, HALF, RESET]],
  ['the end of the connection', [HEAD, HALF, { kind: 'close' }], [HEAD, HALF, RESET]],
  [
    'bytes that are no HTTP',
    [WAIT, { kind: 'raw', bytes: HALF.bytes }, { kind: 'close' }],
    [WAIT, RESET],
  ],
])('ends the stream alone with %s', (_, plan, expected) => {
  expect(onHttp2(plan)).toEqual(expected);
});

it('says which status cannot be sent', () => {
  const [wait, head, content] = onHttp2([WAIT, { ...HEAD, status: 999 }, { kind: 'close' }]);
  expect([wait, head]).toMatchObject([WAIT, { status: 500 }]);
  expect(content?.kind === 'chunk' && String(content.bytes)).toContain('RECORDING_UNSENDABLE');
});
