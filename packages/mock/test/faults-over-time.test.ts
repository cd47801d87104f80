import { expect, it } from 'vitest';
import { parseFault } from '@calltape/mock';
import { FaultsInForce, strikeAll } from '../src/faults-in-force.ts';
import { fixed } from './faults/plan-words.ts';

const PLAN = fixed('0123456789');

/** Rules on a clock that a test moves. */
function onClock(...rules: readonly string[]) {
  const clock = { ms: 0 };
  const faults = new FaultsInForce(rules.map(parseFault), 1, { now: () => clock.ms });
  const struckAt = (ms: number, endpoint = 'e') => {
    clock.ms = ms;
    return strikeAll(faults.about('GET', 'h', '/a', endpoint), PLAN).fired.length > 0;
  };
  return { clock, faults, struckAt };
}

function pattern(rule: string, times: readonly number[]): string {
  const { struckAt } = onClock(rule);
  return times.map((ms) => (struckAt(ms) ? 'x' : '.')).join('');
}

it.each([
  ['between=30s..60s', [0, 29_999, 30_000, 59_999, 60_000], '..xx.'],
  ['for=10s', [5_000, 14_999, 15_000, 60_000], 'xx..'],
  ['after=2 for=10s', [0, 1_000, 2_000, 11_999, 12_000], '..xx.'],
  ['every=2 for=1s', [0, 10, 500, 600, 1_009, 1_010], '.x.x..'],
  ['between=0ms..1s times=2', [0, 1, 2, 3], 'xx..'],
  ['rate-limit=2/s', [0, 1, 2, 999, 1_000, 1_001, 1_002, 5_000], '..xx..x.'],
] as const)('%s at %j is %s', (when, times, expected) => {
  const kind = when.startsWith('rate-limit') ? '' : 'reset ';
  expect(pattern(`GET /a ${kind}${when}`, times)).toBe(expected);
});

it('counts a quota over all endpoints of a rule, unless it is per endpoint', () => {
  const all = onClock('GET /a rate-limit=2/s');
  expect(['a', 'b', 'c'].map((endpoint) => all.struckAt(0, endpoint))).toEqual([
    false,
    false,
    true,
  ]);
  const each = onClock('GET /a rate-limit=2/s per=endpoint');
  expect(['a', 'b', 'a', 'b', 'a'].map((endpoint) => each.struckAt(0, endpoint))).toEqual([
    false,
    false,
    false,
    false,
    true,
  ]);
});

it('takes rules in and out, switches them and starts anew while it runs', () => {
  const { faults, struckAt } = onClock('GET /a reset first=1');
  const before = faults.version;
  expect([struckAt(0), struckAt(0)]).toEqual([true, false]);
  expect(faults.version).toBe(before);
  const added = faults.add(parseFault('* /** status=500'));
  expect(faults.version).toBeGreaterThan(before);
  expect(struckAt(0)).toBe(true);
  expect(faults.rules).toEqual([
    { id: 1, text: 'GET /a reset first=1', on: true, seen: 3, fired: 1 },
    { id: added, text: '* /** status=500', on: true, seen: 1, fired: 1 },
  ]);
  expect(faults.turn(added, false)).toBe(true);
  expect(struckAt(0)).toBe(false);
  expect(faults.turn(added, true)).toBe(true);
  expect(struckAt(0)).toBe(true);
  expect(faults.remove(added)).toBe(true);
  expect(struckAt(0)).toBe(false);
  expect([faults.remove(added), faults.turn(99, true)]).toEqual([false, false]);
  faults.reset();
  expect(struckAt(0)).toBe(true);
  expect(faults.rules).toMatchObject([{ id: 1, seen: 1, fired: 1 }]);
  expect(faults.add(parseFault('* /** timeout'))).toBeGreaterThan(added);
});

it('reckons times from when a rule came into force, or counts began anew', () => {
  const { clock, faults, struckAt } = onClock();
  clock.ms = 100_000;
  faults.add(parseFault('* /** reset between=1s..2s'));
  expect([struckAt(100_500), struckAt(101_500), struckAt(102_500)]).toEqual([false, true, false]);
  faults.reset();
  expect([struckAt(103_000), struckAt(104_000)]).toEqual([false, true]);
});

it('keeps a rule that was switched off in its place when counts begin anew', () => {
  const { faults, struckAt } = onClock('GET /a reset');
  faults.turn(1, false);
  faults.reset();
  expect(struckAt(0)).toBe(false);
});
