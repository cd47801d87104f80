import {
  compare,
  compareAll,
  groupDrifts,
  type LearnedCall,
  Lessons,
  mutationsOf,
  surprise,
} from '@calltape/drift';
import { describe, expect, it } from 'vitest';
import { CHANGE_KINDS, changed } from './api-changes.ts';
import { callOf, callsOf, randomOf, type Type } from './api-model.ts';
import { objectType } from './api-shapes.ts';

function learn(calls: readonly LearnedCall[]): Lessons {
  const lessons = new Lessons();
  for (const call of calls) lessons.add(call);
  return lessons;
}

/** Twenty calls with bodies that differ by their id. */
function twenty(body: (at: number) => object, about: Partial<LearnedCall> = {}): Lessons {
  return learn(
    Array.from({ length: 20 }, (_, at) =>
      callOf({ id: `cus_9s6XKzkNR${at + 100}`, ...body(at) }, about),
    ),
  );
}

function found(before: Lessons, after: Lessons): string[] {
  return compare(before, after).map((one) => `${one.severity} ${one.kind} ${one.location}`);
}

const needed = ([k, n]: readonly [number, number]): number =>
  Array.from({ length: 200 }, (_, at) => at + 1).find((m) => surprise(n - k, n, m, m) < 0.01) ?? 0;

const base = (at: number): object => ({
  name: `n ${at}`,
  total: at,
  address: { city: 'x', zip: `z${at}` },
});

const asked = (body: (at: number) => object): Lessons =>
  learn(
    Array.from({ length: 20 }, (_, at) =>
      callOf('', {
        method: 'POST',
        requestContentType: 'application/json',
        requestBody: JSON.stringify(body(at)),
      }),
    ),
  );

const both = (body: (at: number) => object): Lessons => {
  const lessons = twenty(body);
  lessons.merge(twenty(body, { template: '/others/{other}' }));
  return lessons;
};

describe('surprise', () => {
  it('is the rule of succession for one after none of n', () => {
    expect(surprise(0, 98, 1, 1)).toBeCloseTo(1 / 100, 12);
  });

  it('falls below a hundredth where the table of its design says so', () => {
    const cases = [
      [1, 1],
      [3, 3],
      [5, 5],
      [10, 10],
      [30, 30],
      [18, 20],
      [10, 20],
      [4, 20],
      [1, 20],
    ] as const;
    expect(cases.map(needed)).toEqual([13, 5, 4, 3, 2, 3, 9, 29, 185]);
  });
});

describe('one change', () => {
  const kinds = ['open', 'paid', 'void'];

  it.each([
    ['breaking field-removed /address', base, (at: number) => ({ name: `n ${at}`, total: at })],
    ['breaking type-changed /total', base, (at: number) => ({ ...base(at), total: `${at} EUR` })],
    ['breaking type-changed /total', base, (at: number) => ({ ...base(at), total: at + 0.5 })],
    [
      'breaking nullable-added /name',
      base,
      (at: number) => ({ ...base(at), name: at % 2 ? 'x' : null }),
    ],
    ['info field-added /vip', base, (at: number) => ({ ...base(at), vip: at % 2 === 0 })],
    [
      'info nullable-removed /note',
      (at: number) => ({ note: at % 2 ? null : 'x y' }),
      () => ({ note: 'x y' }),
    ],
    [
      'breaking format-changed /at',
      () => ({ at: '2026-01-02T03:04:05Z' }),
      () => ({ at: 'last week' }),
    ],
    [
      'info format-changed /ref',
      () => ({ ref: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' }),
      () => ({ ref: 'a b' }),
    ],
    [
      'warning enum-value-added /state',
      (at: number) => ({ state: kinds[at % 3] }),
      (at: number) => ({ state: [...kinds, 'lost', 'gone'][at % 5] }),
    ],
    [
      'breaking became-optional /by_key/*/size',
      (at: number) => ({ by_key: { [`u${at}x7f00d`]: { size: 1 } } }),
      (at: number) => ({ by_key: { [`u${at}x8f00d`]: at % 2 ? { size: 1 } : { other: 1 } } }),
    ],
  ] as const)('%s', (line, before, after) => {
    const lines = found(twenty(before), twenty(after));
    expect(lines).toContain(line);
    expect(lines.filter((one) => !one.includes('/by_key/*')).length).toBeLessThanOrEqual(1);
    expect(found(twenty(before), twenty(before))).toEqual([]);
  });

  it('is a new variant where a new value of the tag brings members of its own', () => {
    const card = { type: 'card', brand: 'visa' };
    const bank = { type: 'bank', iban: 'DE1' };
    const before = twenty((at) => ({ source: at % 2 ? card : bank }));
    const after = twenty((at) => ({
      source: [card, bank, { type: 'wallet', wallet: 'x' }][at % 3] ?? card,
    }));
    expect(found(before, after)).toEqual(['warning variant-added /source/type']);
  });

  it('of a head: statuses, media types, fields, content', () => {
    const before = twenty(base, {
      responseHeaders: [
        ['X-Total', '1'],
        ['CF-Ray', 'a'],
      ],
    });
    const created = twenty(base, { status: 201, responseHeaders: [['X-Total', '1']] });
    expect(found(before, created)).toEqual([
      'breaking status-removed status:200',
      'breaking status-added status:201',
    ]);
    const other = twenty(base, {
      responseContentType: 'application/hal+json',
      responseHeaders: [['Sunset', 'x']],
    });
    expect(found(before, other)).toEqual([
      'breaking content-type-changed content-type',
      'warning header-removed header:x-total',
      'info header-added header:sunset',
    ]);
    const empty = twenty(base, { responseBody: '', responseHeaders: [['X-Total', '1']] });
    expect(found(before, empty)).toEqual(['breaking body-became-empty ']);
    expect(found(before, twenty(base, { status: 404 }))).toEqual(['breaking endpoint-removed ']);
  });

  it('of requests is read by the provider', () => {
    const before = asked((at) => ({ at, ...(at % 2 ? { note: 'x' } : {}) }));
    expect(
      found(
        before,
        asked((at) => ({ at, note: 'x' })),
      ),
    ).toEqual(['breaking became-required /note']);
  });

  it('at many endpoints is one group, and its severity can be set', () => {
    const [before, after] = [both(base), both((at) => ({ ...base(at), vip: true }))];
    expect(
      groupDrifts(compare(before, after)).map(({ name, endpoints }) => [name, endpoints]),
    ).toEqual([['vip', 2]]);
    const rules = [{ kind: 'field-added', severity: 'ignore' }] as const;
    expect(compare(before, after, { severityOverrides: rules })).toEqual([]);
  });
});

it('says of what may be chance how likely it is', () => {
  const before = learn([1, 2, 3].map((id) => callOf({ id, name: 'x' })));
  const { drifts, notes } = compareAll(before, learn([callOf({ id: 4 })]));
  expect(drifts).toEqual([]);
  expect(notes.map((one) => [one.kind, one.chancePhrase])).toEqual([
    ['field-removed', '1 in 5 by chance'],
  ]);
});

it('puts first of what may change what never was otherwise', () => {
  const [endpoint] = twenty((at) => ({ name: 'x', ...(at % 4 ? {} : { seldom: 1 }) })).endpoints();
  const mutations = endpoint === undefined ? [] : mutationsOf(endpoint);
  expect(mutations[0]).toMatchObject({ kind: 'field-removed', reason: 'present in 20 of 20' });
  expect(mutations.at(-1)?.location).toBe('/seldom');
});

it('finds what was changed in made-up APIs, and little else', () => {
  const count = { alarms: 0, right: 0, clear: 0, clearFound: 0, falseControls: 0 };
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = randomOf(seed * 7919);
    const type = objectType(random);
    const draw = (from: Type): Lessons => learn(callsOf(from, 25, random));
    const before = draw(type);
    count.falseControls += compare(before, draw(type)).length > 0 ? 1 : 0;
    for (const kind of CHANGE_KINDS) {
      const made = changed(type, kind, random);
      if (made === undefined) continue;
      const { change } = made;
      const drifts = compare(before, draw(made.type));
      const alarms = drifts.filter(({ severity }) => severity !== 'info');
      count.alarms += alarms.length;
      count.right += alarms.filter(({ location }) => location.startsWith(change.location)).length;
      if (!change.isClear || change.severity !== 'breaking') continue;
      count.clear += 1;
      count.clearFound += drifts.some(
        (one) => one.kind === kind && one.location === change.location,
      )
        ? 1
        : 0;
    }
  }
  expect(count.falseControls).toBeLessThanOrEqual(1);
  expect(count.right / count.alarms).toBeGreaterThan(0.95);
  expect(count.clearFound / count.clear).toBeGreaterThan(0.93);
});
