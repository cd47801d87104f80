import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyShape, type JsonSchema, learn, schemaOf } from '../src/infer-schema.ts';

function schemaFor(...samples: unknown[]): JsonSchema {
  const shape = emptyShape();
  for (const sample of samples) learn(shape, sample);
  return schemaOf(shape);
}

/** By default ajv takes `constructor` for a key that every object has. */
function validator(schema: JsonSchema): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, ownProperties: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (value) => validate(value);
}

const text = fc.oneof(
  fc.string(),
  fc.uuid(),
  fc.emailAddress(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  fc.constantFrom(
    '2026-02-30',
    '2026-02-29T10:00:00Z',
    '2026-01-01T24:00:00Z',
    'a@b',
    '',
    'ſ@k.de',
  ),
);

const { json } = fc.letrec<{ json: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    text,
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.constantFrom(null, true, false, 1e21, -0),
  ),
  json: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor', '/~'), fc.string()),
      tie('json'),
      { maxKeys: 5 },
    ),
  ),
}));

/** As a body gives it: what JSON cannot say is gone, 1e400 is infinite. */
const sample = json.map((value) => JSON.parse(JSON.stringify(value) ?? 'null'));

describe('a learned schema', () => {
  test('allows every sample it was learned from', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 6 }), (samples) => {
        const isValid = validator(schemaFor(...samples));
        for (const one of samples) expect(isValid(one)).toBe(true);
      }),
      { numRuns: 120 },
    );
  });

  test('does not depend on the order of the samples, but for that of its lists', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 5 }), sample, (samples, other) => {
        const [one, reversed] = [schemaFor(...samples), schemaFor(...samples.toReversed())];
        expect(validator(one)(other)).toBe(validator(reversed)(other));
      }),
    );
  });

  test('allows what is beyond all bounds: deep nesting, infinite numbers, many keys', () => {
    let deep: unknown = 'end';
    for (let n = 0; n < 200; n += 1) deep = { deep: [deep] };
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, n): [string, unknown] => [`key${n}`, n % 2 ? n : { n }]),
    );
    for (const samples of [[deep], [JSON.parse('[1e400, -1e400]')], [many, { a: 'x' }]]) {
      const isValid = validator(schemaFor(...samples));
      for (const one of samples) expect(isValid(one)).toBe(true);
    }
    expect(schemaFor(many)).toEqual({
      type: 'object',
      additionalProperties: {
        type: ['object', 'integer'],
        properties: { n: { type: 'integer' } },
        required: ['n'],
      },
    });
  });
});

test.each([
  [[{ a: 1 }, { a: 2, b: null }], { a: { type: 'integer' }, b: { type: 'null' } }, ['a']],
  [[{ a: 1 }, { a: 1.5 }], { a: { type: 'number' } }, ['a']],
  [[{ a: 'x' }, { a: null }], { a: { type: ['string', 'null'] } }, ['a']],
  [
    [{ a: [] }, { a: [1, 'x'] }],
    { a: { type: 'array', items: { type: ['string', 'integer'] } } },
    ['a'],
  ],
  [
    [{ a: '2026-11-24T10:00:00Z' }, { a: '2026-11-24T10:00:00.5+01:00' }],
    { a: { type: 'string', format: 'date-time' } },
    ['a'],
  ],
  [[{ a: 'ada@example.com' }, { a: 'nobody' }], { a: { type: 'string' } }, ['a']],
  [
    [{ a: '8c7d9f0e-1a2b-4c3d-8e4f-5a6b7c8d9e0f' }],
    { a: { type: 'string', format: 'uuid' } },
    ['a'],
  ],
])('%j', (samples, properties, required) => {
  expect(schemaFor(...samples)).toEqual({ type: 'object', properties, required });
});
