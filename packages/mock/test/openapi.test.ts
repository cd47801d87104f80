import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { fileWith } from './files.ts';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import type { Settings } from './mock.ts';
import type { Mock } from '@calltape/mock';

type Json = Readonly<Record<string, unknown>>;

function described(paths: Json, rest: Json = {}): Json {
  return { openapi: '3.1.0', info: { title: 't', version: '1' }, paths, ...rest };
}

function answering(schema: unknown, components: Json = {}, openapi = '3.1.0'): Json {
  const content = { 'application/json': { schema } };
  const get = { responses: { 200: { description: '', content } } };
  return described({ '/x': { get } }, { openapi, components: { schemas: components } });
}

async function apiOf(document: Json | string, settings: Settings = {}): Promise<Mock> {
  return mockOf(await fileWith(document), settings);
}

async function json(mock: Mock, path = '/x'): Promise<unknown> {
  const { status, body } = await send(mock, path);
  expect(status).toBe(200);
  return JSON.parse(body.toString());
}

function media(content: Json): Json {
  return described({ '/x': { get: { responses: { 200: { description: '', content } } } } });
}

function says(text: string, rest: Json = {}): Json {
  return {
    ...rest,
    responses: { 200: { description: '', content: { 'application/json': { example: text } } } },
  };
}

function kindOfPet(name: string): Json {
  return {
    type: 'object',
    required: ['kind', name],
    properties: { kind: { type: 'string' }, [name]: { type: 'integer' } },
    additionalProperties: false,
  };
}

const SCHEMAS: Readonly<Record<string, unknown>> = {
  'all formats': {
    type: 'object',
    required: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'],
    properties: {
      a: { type: 'string', format: 'uuid' },
      b: { type: 'string', format: 'date-time' },
      c: { type: 'string', format: 'email' },
      d: { type: 'string', format: 'uri' },
      e: { type: 'string', format: 'date' },
      f: { type: 'string', format: 'ipv4' },
      g: { type: 'string', format: 'ipv6' },
      h: { type: 'string', format: 'hostname' },
      i: { type: 'string', format: 'byte' },
    },
    additionalProperties: false,
  },
  numbers: {
    type: 'array',
    minItems: 7,
    maxItems: 7,
    prefixItems: [
      { type: 'integer', minimum: 5, maximum: 7 },
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.001 },
      { type: 'integer', exclusiveMinimum: 0, maximum: 1 },
      { type: 'integer', multipleOf: 5_000 },
      { type: 'number', maximum: -10 },
      { type: 'integer', minimum: 2_000_000_000 },
      { type: 'integer', format: 'int64' },
    ],
    items: false,
  },
  texts: {
    type: 'object',
    required: ['long', 'short', 'plate', 'slug', 'one'],
    properties: {
      long: { type: 'string', minLength: 60, maxLength: 70 },
      short: { type: 'string', maxLength: 2 },
      plate: { type: 'string', pattern: '^[A-Z]{2}-\\d{1,4}$' },
      slug: { type: 'string', pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$', minLength: 3 },
      one: { enum: ['a', 'b'] },
      same: { const: 7 },
    },
  },
  'lists without equals': {
    type: 'array',
    uniqueItems: true,
    minItems: 3,
    items: { type: 'integer', minimum: 1, maximum: 4 },
  },
  allOf: {
    allOf: [
      {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'integer' }, kind: { type: 'string' } },
      },
      { properties: { kind: { enum: ['cat', 'dog'] } }, required: ['kind'] },
      { $ref: '#/components/schemas/Node' },
    ],
  },
  'oneOf that overlaps': {
    oneOf: [
      { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
      {
        type: 'object',
        required: ['b'],
        properties: { b: { type: 'integer' } },
        additionalProperties: false,
      },
      { type: 'integer', minimum: 10 },
      { type: 'number', minimum: 5 },
    ],
  },
  anyOf: {
    type: 'array',
    minItems: 5,
    items: { anyOf: [{ type: 'string' }, { $ref: '#/components/schemas/Node' }, { type: 'null' }] },
  },
  not: { type: 'integer', minimum: 1, maximum: 3, not: { const: 2 } },
  'a map': { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 2 },
  'required without schema': { type: 'object', required: ['x'] },
  recursion: { $ref: '#/components/schemas/Node' },
  'types in a list': { type: ['null', 'string', 'integer'] },
  anything: {},
};

const NODE: Json = {
  Node: {
    type: 'object',
    required: ['name', 'children'],
    properties: {
      name: { type: 'string' },
      parent: { $ref: '#/components/schemas/Node' },
      children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
      other: { oneOf: [{ type: 'string' }, { $ref: '#/components/schemas/Node' }] },
    },
  },
};

function validator(schema: unknown, components: Json, is30 = false): (value: unknown) => string[] {
  const ajv = is30
    ? new Ajv({ strict: false, allErrors: true })
    : new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  const validate = ajv.compile({ ...Object(schema), components: { schemas: components } });
  return (value) => {
    validate(value);
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath} ${message ?? ''}`,
    );
  };
}

describe('answers made from a schema pass it under ajv:', () => {
  test.each(Object.entries(SCHEMAS))('%s', async (_, schema) => {
    const mock = await apiOf(answering(schema, NODE), { seed: 1 });
    expect(mock.warnings).toEqual([]);
    const problems = validator(schema, NODE);
    for (let n = 0; n < 40; n += 1) {
      const value = await json(mock);
      expect([value, problems(value)]).toEqual([value, []]);
    }
  });

  test('OpenAPI 3.0, with nullable and exclusive bounds', async () => {
    const schema = {
      type: 'object',
      required: ['a', 'b', 'next'],
      properties: {
        a: { type: 'string', nullable: true },
        b: { type: 'integer', minimum: 3, exclusiveMinimum: true, maximum: 5 },
        next: { nullable: true, type: 'object', allOf: [{ $ref: '#/components/schemas/Deep' }] },
      },
    };
    const components = {
      Deep: { type: 'object', properties: { deep: { $ref: '#/components/schemas/Deep' } } },
    };
    const mock = await apiOf(answering(schema, components, '3.0.3'), { seed: 3 });
    for (let n = 0; n < 20; n += 1) {
      const value = await json(mock);
      expect(value).toMatchObject({ a: expect.any(String), next: expect.any(Object) });
      expect([4, 5]).toContain(Object(value).b);
    }
  });
});

test('the same seed makes the same answers, the n-th as the n-th', async () => {
  const document = answering({ type: 'array', items: { type: 'string', format: 'uuid' } });
  const [one, other, third] = [
    await apiOf(document, { seed: 5 }),
    await apiOf(document, { seed: 5 }),
    await apiOf(document, { seed: 6 }),
  ];
  const first = [await json(one), await json(one)];
  expect([await json(other), await json(other)]).toEqual(first);
  expect(first[0]).not.toEqual(first[1]);
  expect(await json(third)).not.toEqual(first[0]);
});

describe('examples come first', () => {
  test('the one of the content, with all its digits', async () => {
    const text = JSON.stringify(
      media({ 'application/json': { schema: { type: 'string' }, example: { id: 'ID' } } }),
    );
    const mock = await apiOf(text.replace('"ID"', '12345678901234567890'));
    expect((await send(mock, '/x')).body.toString()).toBe('{"id":12345678901234567890}');
  });

  test('named ones in their order, then the last again; or from the first with --repeat cycle', async () => {
    const examples = { b: { value: 1 }, a: { $ref: '#/components/examples/two' } };
    const document = {
      ...media({ 'application/json': { examples } }),
      components: { examples: { two: { value: 2 } } },
    };
    const [mock, cycling] = [await apiOf(document), await apiOf(document, { repeat: 'cycle' })];
    const got = [];
    for (let n = 0; n < 3; n += 1) got.push(await json(mock), await json(cycling));
    expect(got).toEqual([1, 1, 2, 2, 2, 1]);
  });

  test('those of properties too, where they fit', async () => {
    const mock = await apiOf(
      answering({
        type: 'object',
        required: ['a', 'b', 'c'],
        properties: {
          a: { type: 'string', example: 'Rex' },
          b: { type: 'integer', example: 'no' },
          c: { type: 'integer', examples: [4] },
        },
      }),
    );
    expect(await json(mock)).toEqual({ a: 'Rex', b: expect.any(Number), c: 4 });
  });

  test('text, and XML by its example alone', async () => {
    const mock = await apiOf(
      media({
        'application/xml': { example: '<a/>' },
        'text/plain': { schema: { type: 'string', enum: ['hi'] } },
      }),
    );
    expect((await send(mock, '/x')).body.toString()).toBe('<a/>');
    const text = await send(mock, '/x', { headers: { accept: 'text/*' } });
    expect([text.headers['content-type'], text.body.toString()]).toEqual(['text/plain', 'hi']);
  });
});

describe('a call finds its operation by', () => {
  test('method and path, the one that says more first', async () => {
    const mock = await apiOf(
      described({
        '/pets/{id}': { get: says('one'), delete: { responses: { 204: { description: '' } } } },
        '/pets/mine': { get: says('mine') },
        '/files/{name}.{ext}:copy': { get: says('copy') },
      }),
    );
    expect(await json(mock, '/pets/7')).toBe('one');
    expect(await json(mock, '/pets/mine')).toBe('mine');
    expect(await json(mock, '/files/a.b.txt:copy')).toBe('copy');
    expect((await send(mock, '/pets/7', { method: 'DELETE' })).status).toBe(204);
    expect((await send(mock, '/pets/7/8')).status).toBe(404);
    expect((await send(mock, '/pets/')).status).toBe(404);
  });

  test('the query that it requires', async () => {
    const parameters = [{ $ref: '#/components/parameters/limit' }, { in: 'query', name: 'page' }];
    const mock = await apiOf(
      described(
        { '/a': { parameters, get: says('a') } },
        { components: { parameters: { limit: { in: 'query', name: 'limit', required: true } } } },
      ),
    );
    expect(await json(mock, '/a?limit=1')).toBe('a');
    const missed = await send(mock, '/a');
    expect(missed.status).toBe(404);
    expect(missed.body.toString()).toContain('query parameter limit is missing');
  });

  test('the path of its server, which clients of the mock may leave out', async () => {
    const servers = [
      { url: 'https://{region}.example.com/v2/', variables: { region: { default: 'eu' } } },
    ];
    const file = await fileWith(described({ '/a': { get: says('a') } }, { servers }));
    const mock = await mockOf(file, { faults: ['GET eu.example.com/v2/** status=503 first=1'] });
    expect((await send(mock, '/v2/a')).status).toBe(503);
    expect(await json(mock, '/v2/a')).toBe('a');
    expect(await json(mock, '/a')).toBe('a');
    expect(await json(mock, 'https://eu.example.com/v2/a')).toBe('a');
    expect((await send(mock, 'https://us.example.com/v2/a')).status).toBe(404);
  });
});

test('status, header fields and what is only for requests', async () => {
  const schema = {
    type: 'object',
    required: ['a', 'secret', 'pin'],
    properties: { a: { type: 'integer' }, secret: { type: 'string', writeOnly: true } },
    allOf: [
      {
        required: ['pin'],
        additionalProperties: false,
        properties: {
          a: true,
          secret: true,
          pin: { $ref: '#/components/schemas/Pin' },
        },
      },
    ],
  };
  const Pin = { type: 'string', writeOnly: true };
  const headers = {
    'X-Rate': { schema: { type: 'integer', minimum: 1, maximum: 9 } },
    'X-Id': { example: 'i1' },
  };
  const responses = {
    default: { description: '' },
    404: { description: '' },
    201: { description: '', headers, content: { 'application/json': { schema } } },
  };
  const paths = { '/x': { post: { responses } } };
  const mock = await apiOf(described(paths, { components: { schemas: { Pin } } }));
  const answer = await send(mock, '/x', { method: 'POST' });
  expect(answer).toMatchObject({ status: 201, statusText: 'Created' });
  expect(answer.headers).toMatchObject({
    'x-rate': expect.stringMatching(/^[1-9]$/),
    'x-id': 'i1',
    'content-type': 'application/json',
  });
  expect(Object.keys(JSON.parse(answer.body.toString()))).toEqual(['a']);
});

test('YAML, with its numbers as they are written', async () => {
  const mock = await mockOf(
    await fileWith(
      `# An API
openapi: 3.0.3
info: { title: t, version: '1' }
paths:
  /x:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              example: { price: 1.10, id: 12345678901234567890 }
`,
      'api.yaml',
    ),
  );
  expect((await send(mock, '/x')).body.toString()).toBe('{"price":1.10,"id":12345678901234567890}');
});

test('a discriminator names what it is', async () => {
  const schema = {
    oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
    discriminator: { propertyName: 'kind', mapping: { hound: '#/components/schemas/Dog' } },
  };
  const mock = await apiOf(answering(schema, { Cat: kindOfPet('lives'), Dog: kindOfPet('age') }));
  for (let n = 0; n < 20; n += 1) {
    const value = Object(await json(mock));
    expect(value.kind).toBe('lives' in value ? 'Cat' : 'hound');
  }
});

test('operations that cannot be answered are left out by name', async () => {
  const content = { 'application/xml': { schema: { type: 'object' } } };
  const endless = {
    type: 'object',
    required: ['a'],
    properties: { a: { $ref: '#/components/schemas/E' } },
  };
  const mock = await apiOf(
    described(
      {
        '/xml': { get: { responses: { 200: { description: '', content } } } },
        '/endless': {
          get: {
            responses: {
              200: {
                description: '',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/E' } } },
              },
            },
          },
        },
        '/none': { get: {} },
        '/ok': { get: { responses: { 204: { description: '' } } } },
      },
      { components: { schemas: { E: endless } } },
    ),
  );
  expect(mock.patterns).toBe(1);
  expect(mock.warnings.map((warning) => /"(.*?)".*?: (.*)/.exec(warning)?.slice(1))).toEqual([
    [
      'GET /xml',
      '/paths/~1xml/get/responses/200/content has neither an example nor a schema of JSON, of text or of a form.',
    ],
    ['GET /endless', 'no answer can be made for it: the schema requires itself without end.'],
    ['GET /none', '/paths/~1none/get/responses has no response.'],
  ]);
});

describe('nothing starts with', () => {
  test.each<[what: string, document: Json | string, sentence: string]>([
    ['Swagger 2', { swagger: '2.0', paths: {} }, '/openapi is no version that is read here'],
    [
      'a reference to nothing',
      answering({ $ref: '#/components/schemas/No' }),
      '/paths/~1x/get/responses/200/content/application~1json/schema/$ref leads nowhere',
    ],
    [
      'a reference to a file',
      answering({ $ref: 'other.json#/A' }),
      'leads to another file: "other.json#/A". Bundle the description into one file first',
    ],
    ['no paths', { openapi: '3.1.0' }, '/paths is missing, not an object'],
    ['broken YAML', 'openapi: 3.1.0\npaths:\n  - a: [\n', 'it is no YAML at line'],
  ])('%s', async (_, document, sentence) => {
    const file = await fileWith(document);
    await expect(mockOf(file)).rejects.toThrow(sentence);
    await expect(mockOf(file)).rejects.toThrow(file);
  });
});
