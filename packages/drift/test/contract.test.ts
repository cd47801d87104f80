// Calls held against a description, in both versions of OpenAPI.

import { describe, expect, test } from 'vitest';
import { Contract, ContractDrifts, type LearnedCall } from '../src/index.ts';

const THING = {
  type: 'object',
  required: ['id', 'size', 'secret'],
  properties: {
    id: { type: 'string' },
    size: { type: 'integer', minimum: 0, exclusiveMinimum: true },
    secret: { type: 'string', writeOnly: true },
    kind: { type: 'string', enum: ['a', 'b'] },
    note: { type: 'string', nullable: true },
    at: { type: 'string', format: 'date-time' },
    parent: { $ref: '#/components/schemas/Thing' },
    tags: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
    any: { type: 'object' },
  },
};

const DOCUMENT = {
  openapi: '3.0.3',
  paths: {
    '/things': {
      post: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
        },
        responses: { '2XX': { $ref: '#/components/responses/One' } },
      },
    },
  },
  components: {
    schemas: { Thing: THING },
    responses: {
      One: {
        content: { 'application/*': { schema: { $ref: '#/components/schemas/Thing' } } },
      },
    },
  },
};

const GOOD = { id: 'x', size: 1 };

function contract(): Contract {
  return new Contract({
    version: '3.0',
    document: DOCUMENT,
    operations: [{ method: 'POST', templates: ['/things'], pointer: '/paths/~1things/post' }],
  });
}

function found(...bodies: readonly unknown[]): string[] {
  return driftsOf(bodies.map((body) => callWith({ responseBody: JSON.stringify(body) })));
}

function driftsOf(calls: readonly LearnedCall[]): string[] {
  const drifts = new ContractDrifts(contract());
  for (const call of calls) drifts.add(call);
  return drifts
    .drifts([])
    .map(
      ({ direction, severity, kind, location, after }) =>
        `${direction} ${severity} ${kind} ${location} ${after.count}/${after.of}`,
    );
}

let id = 0;

function callWith(part: Partial<LearnedCall>): LearnedCall {
  id += 1;
  return {
    id,
    at: id,
    method: 'POST',
    origin: 'http://api.test',
    template: '/things',
    status: 201,
    requestContentType: 'application/json',
    responseContentType: 'application/json; charset=utf-8',
    requestHeaders: [],
    responseHeaders: [],
    requestBody: JSON.stringify({ ...GOOD, secret: 's' }),
    responseBody: JSON.stringify(GOOD),
    outcome: 'complete',
    ...part,
  };
}

describe('an answer', () => {
  test('as described has no findings', () => {
    expect(
      found(GOOD, { ...GOOD, note: null, any: { x: 1 }, parent: GOOD, at: '2026-11-24T00:00:00Z' }),
    ).toEqual([]);
  });

  test.each([
    [{ ...GOOD, extra: 1 }, 'info field-added /extra'],
    [{ ...GOOD, tags: [{ name: 'a' }, { other: 1 }] }, 'info field-added /tags/*/other'],
    [
      { ...GOOD, parent: { ...GOOD, parent: { size: 1 } } },
      'breaking field-removed /parent/parent/id',
    ],
    [{ ...GOOD, size: '1' }, 'breaking type-changed /size'],
    [{ ...GOOD, size: null }, 'breaking nullable-added /size'],
    [{ ...GOOD, size: 0 }, 'breaking format-changed /size'],
    [{ ...GOOD, kind: 'c' }, 'warning enum-value-added /kind'],
    [{ ...GOOD, at: 'noon' }, 'breaking format-changed /at'],
    [{ ...GOOD, tags: [{}, { name: 1 }] }, 'breaking type-changed /tags/*/name'],
    [JSON.parse('{"id":"x","size":1,"__proto__":{"a":1}}'), 'info field-added /__proto__'],
  ])('%j has one', (body, finding) => {
    expect(found(body)).toEqual([`response ${finding} 1/1`]);
  });

  test('without what is required, here and there, made it optional', () => {
    expect(found(GOOD, { size: 1 })).toEqual(['response breaking became-optional /id 1/2']);
  });

  test('deeper than any stack is left out, and counted', () => {
    const deep = `${'{"parent":'.repeat(10_000)}{}${'}'.repeat(10_000)}`;
    const drifts = new ContractDrifts(contract());
    drifts.add(callWith({ responseBody: deep }));
    expect([...drifts.unchecked]).toEqual([['body nested too deep', 1]]);
  });
});

test('status, content type, content and requests are held against it too', () => {
  expect(
    driftsOf([
      callWith({ status: 302, responseBody: '' }),
      callWith({ responseContentType: 'text/html', responseBody: '<p>' }),
      callWith({ responseBody: '' }),
      callWith({ requestBody: JSON.stringify({ id: 'x', size: 1, secret: 2 }) }),
      callWith({ template: '/others' }),
    ]).toSorted(),
  ).toEqual([
    'request breaking type-changed /secret 1/4',
    'response breaking body-became-empty  1/3',
    'response breaking content-type-changed content-type 1/3',
    'response info endpoint-added  1/1',
    'response info status-added status:302 1/1',
  ]);
});
