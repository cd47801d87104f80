import { Lessons, type LessonsJson, compareAll, exportSchema } from '@calltape/drift';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOf, callsOf, randomOf } from './api-model.ts';
import { objectType } from './api-shapes.ts';

/** Equal for lessons that know the same, in whatever order they came to it. */
function known(lessons: Lessons): string {
  return inOrder(JSON.parse(JSON.stringify(lessons)));
}

function inOrder(value: unknown, key = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (!Array.isArray(value)) {
    return `{${Object.entries(value)
      .map(([name, one]) => name + inOrder(one, name))
      .join()}}`;
  }
  const items = value.map((item) => inOrder(item));
  const isSet = key === 'entities' || key === 'known' || Array.isArray(value[0]);
  return `[${(isSet ? items.toSorted() : items).join()}]`;
}

function merged(parts: readonly Lessons[]): Lessons {
  const lessons = new Lessons();
  for (const part of parts) lessons.merge(part);
  return lessons;
}

function lessonsOf(calls: readonly ReturnType<typeof callOf>[]): Lessons {
  const lessons = new Lessons();
  for (const call of calls) lessons.add(call);
  return lessons;
}

function rootOf(lessons: Lessons): Parameters<typeof exportSchema>[0] {
  const [endpoint] = lessons.endpoints();
  const root = endpoint?.responses.get(200)?.bodies.get('application/json')?.root;
  if (root === undefined) throw new Error('Nothing was learned');
  return root;
}

const seeds = fc.integer({ min: 1, max: 1e6 });

describe('what is learned', () => {
  it('is the same in whatever order parts are merged', () => {
    const keys = fc.array(fc.nat(), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(seeds, keys, (seed, order) => {
        const random = randomOf(seed);
        const calls = callsOf(objectType(random), 12, random);
        const parts = calls.map((call) => lessonsOf([call]));
        const shuffled = parts.toSorted(
          (a, b) => (order[parts.indexOf(a)] ?? 0) - (order[parts.indexOf(b)] ?? 0),
        );
        expect(known(merged(shuffled))).toBe(known(merged(parts)));
        const halves = [merged(shuffled.slice(0, 5)), merged(shuffled.slice(5))];
        expect(known(merged(halves))).toBe(known(merged(parts)));
      }),
      { numRuns: 15 },
    );
  });

  it('comes back from JSON as it was', () => {
    const random = randomOf(3);
    const lessons = lessonsOf(callsOf(objectType(random), 20, random));
    const json: LessonsJson = JSON.parse(JSON.stringify(lessons));
    expect(JSON.stringify(Lessons.fromJSON(json))).toBe(JSON.stringify(lessons));
  });

  it('is a schema that every learned body passes', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = randomOf(seed);
        const calls = callsOf(objectType(random), 15, random);
        const ajv = new Ajv2020({ allowUnionTypes: true, ownProperties: true });
        addFormats.default(ajv);
        const validate = ajv.compile(exportSchema(rootOf(lessonsOf(calls))));
        for (const { responseBody } of calls) {
          expect(validate(JSON.parse(String(responseBody))), ajv.errorsText(validate.errors)).toBe(
            true,
          );
        }
      }),
      { numRuns: 15 },
    );
  });

  it('is a schema that any JSON passes it was learned from', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), (values) => {
        fc.pre(values.length > 0);
        const ajv = new Ajv2020({ allowUnionTypes: true, ownProperties: true });
        addFormats.default(ajv);
        const validate = ajv.compile(
          exportSchema(rootOf(lessonsOf(values.map((value) => callOf(JSON.stringify(value)))))),
        );
        for (const value of values) {
          const parsed: unknown = JSON.parse(JSON.stringify(value));
          expect(validate(parsed), ajv.errorsText(validate.errors)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('takes an answer given ten times for one', () => {
    const body = {
      id: 'cus_4fdAW5ftNQow1a',
      note: null,
      updated_at: '2026-01-01T00:00:00Z',
      request_id: 'a1',
    };
    const calls = Array.from({ length: 10 }, (_, at) =>
      callOf({ ...body, updated_at: `2026-01-01T00:00:0${at}Z`, request_id: `b${at}` }),
    );
    expect(rootOf(lessonsOf(calls)).seen.count).toBe(1);
    const urls = calls.map((call, at) => ({
      ...call,
      url: `https://api.example.com/things/${at}`,
    }));
    expect(rootOf(lessonsOf(urls)).seen.count).toBe(10);
  });
});

describe('hostile bodies', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['not JSON', '<html>'],
    ['cut JSON', '{"a": 1'],
    ['lines', '{"a":1}\n{"a":2}\n'],
    ['nested deep', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['nested deep in objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    ['duplicate keys', '{"a":1,"a":"x"}'],
    ['prototype keys', '{"__proto__":{"x":1},"constructor":{"prototype":1},"toString":2}'],
    ['lone surrogates', '{"\\ud800":"\\udfff"}'],
    [
      'many keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`k${at}x`, at]))),
    ],
    ['long keys', JSON.stringify({ ['k'.repeat(5000)]: 1 })],
    ['many items', JSON.stringify(Array.from({ length: 5000 }, (_, at) => ({ at })))],
    ['big numbers', '{"n":123456789012345678901,"w":1.0,"e":1e400}'],
    ['nothing', ''],
  ];
  it.each(cases)('%s: learned or left out, and compared', (_name, body) => {
    const lessons = lessonsOf([callOf(body), callOf('{"a":1}')]);
    const json: LessonsJson = JSON.parse(JSON.stringify(lessons));
    expect(JSON.stringify(json).length).toBeLessThan(200_000);
    expect(compareAll(lessons, Lessons.fromJSON(json)).drifts).toEqual([]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect('x' in {}).toBe(false);
  });
});
