import { Validator } from '@seriousme/openapi-schema-validator';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { type Exchange, pathTemplate, toOpenApi } from '@calltape/store';
import { describe, expect, test } from 'vitest';
import { anExchange, bodyOf, type ExchangeParts } from './an-exchange.ts';

const ORIGIN = 'https://api.example.com';
const JSON_TYPE = [['Content-Type', 'application/json; charset=utf-8']] as const;

function call(method: string, target: string, parts: ExchangeParts = {}): Exchange {
  const url = target.startsWith('http') ? target : ORIGIN + target;
  const { origin, pathname } = new URL(url);
  return anExchange(url, {
    endpoint: { method, origin, template: pathTemplate(pathname) },
    ...parts,
    request: { method, ...parts.request },
  });
}

function json(value: unknown): NonNullable<ExchangeParts['response']> {
  return { headers: JSON_TYPE, body: bodyOf(JSON.stringify(value)) };
}

/** The document of the calls, once a validator of OpenAPI has found nothing wrong with it. */
async function documentOf(...exchanges: Exchange[]) {
  const document = JSON.parse([...toOpenApi(exchanges)].join(''));
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect({ valid, errors }).toMatchObject({ valid: true });
  return document;
}

test('one API: servers, paths by template, parameters, bodies by status and type', async () => {
  const document = await documentOf(
    call('GET', '/v1/customers/17?expand=a&expand=b&limit=10', { response: json({ id: 17 }) }),
    call('GET', '/v1/customers/18?limit=5', { response: json({ id: 18, name: 'Ada' }) }),
    call('GET', '/v1/customers/19', {
      response: { ...json({ error: { code: 'none' } }), status: 404, statusText: 'Not Found' },
    }),
    call('POST', '/v1/customers', {
      request: {
        headers: [['Content-Type', 'application/x-www-form-urlencoded']],
        body: bodyOf('name=Ada&vip=true'),
      },
      response: { status: 204, statusText: '' },
    }),
  );
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'api.example.com, as recorded' },
    servers: [{ url: ORIGIN }],
  });
  expect(Object.keys(document.paths)).toEqual(['/v1/customers', '/v1/customers/{customer}']);
  expect(document.paths['/v1/customers/{customer}'].get).toEqual({
    operationId: 'getV1CustomersCustomer',
    parameters: [
      { name: 'customer', in: 'path', required: true, schema: { type: 'integer' } },
      {
        name: 'expand',
        in: 'query',
        required: false,
        schema: { type: 'array', items: { type: 'string' } },
      },
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer' } },
    ],
    responses: {
      200: {
        description: 'OK',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: { id: { type: 'integer' }, name: { type: 'string' } },
              required: ['id'],
            },
          },
        },
      },
      404: {
        description: 'Not Found',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                error: {
                  type: 'object',
                  properties: { code: { type: 'string' } },
                  required: ['code'],
                },
              },
              required: ['error'],
            },
          },
        },
      },
    },
  });
  expect(document.paths['/v1/customers'].post).toEqual({
    operationId: 'postV1Customers',
    requestBody: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: {
            type: 'object',
            properties: { name: { type: 'string' }, vip: { type: 'boolean' } },
            required: ['name', 'vip'],
          },
        },
      },
    },
    responses: { 204: { description: 'No Content' } },
  });
});

test('ways to authenticate are named without any secret', async () => {
  const withHeader = (name: string, value: string): Exchange =>
    call('GET', '/a', { request: { headers: [[name, value]] } });
  const document = await documentOf(
    withHeader('Authorization', 'Bearer secret-one'),
    withHeader('authorization', 'Basic c2VjcmV0OnR3bw=='),
    withHeader('X-API-Key', 'secret-three'),
    withHeader('From', 'ada@example.com'),
    call('GET', '/b?api_key=secret-four&page=1'),
    call('GET', '/c'),
  );
  expect(document.components.securitySchemes).toEqual({
    basic: { type: 'http', scheme: 'basic' },
    bearer: { type: 'http', scheme: 'bearer' },
    'header_x-api-key': { type: 'apiKey', in: 'header', name: 'x-api-key' },
    query_api_key: { type: 'apiKey', in: 'query', name: 'api_key' },
  });
  expect(document.paths['/a'].get.security).toEqual([
    { bearer: [] },
    { basic: [] },
    { 'header_x-api-key': [] },
    {},
  ]);
  expect(document.paths['/b'].get.parameters).toEqual([
    { name: 'page', in: 'query', required: true, schema: { type: 'integer' } },
  ]);
  expect(document.paths['/c'].get).not.toHaveProperty('security');
  expect(JSON.stringify(document)).not.toMatch(/secret-|c2VjcmV0/);
});

test('several APIs: each path says where it is', async () => {
  const document = await documentOf(call('GET', '/a'), call('GET', 'http://localhost:3000/b'));
  expect(document.servers).toEqual(
    [{ url: ORIGIN }, { url: 'http://localhost:3000' }].toReversed(),
  );
  expect(document.paths['/a'].servers).toEqual([{ url: ORIGIN }]);
  expect(document.paths['/b'].servers).toEqual([{ url: 'http://localhost:3000' }]);
});

test('encoded, binary, broken and cut bodies', async () => {
  const gzipped = gzipSync('{"a":1}');
  const zipped = [...JSON_TYPE, ['Content-Encoding', 'gzip']] as const;
  const cut = { bytes: Buffer.from('{"a":'), size: 99 };
  const document = await documentOf(
    call('GET', '/zipped', { response: { headers: zipped, body: bodyOf(gzipped) } }),
    call('GET', '/image', {
      response: { headers: [['Content-Type', 'image/png']], body: bodyOf(Buffer.from([0, 255])) },
    }),
    call('GET', '/text', {
      response: { headers: [['Content-Type', 'text/plain']], body: bodyOf('hello') },
    }),
    call('GET', '/broken', { response: { headers: JSON_TYPE, body: bodyOf('{') } }),
    call('GET', '/cut', { response: { headers: JSON_TYPE, body: cut } }),
  );
  const schema = (path: string): unknown =>
    Object.values(Object(document.paths[path].get.responses[200].content))[0];
  expect(schema('/zipped')).toMatchObject({ schema: { properties: { a: { type: 'integer' } } } });
  expect(schema('/image')).toEqual({ schema: {} });
  expect(schema('/text')).toEqual({ schema: { type: 'string' } });
  expect(schema('/broken')).toEqual({ schema: {} });
  expect(schema('/cut')).toEqual({ schema: {} });
});

test('what tells nothing is left out and told of', async () => {
  const gaps: string[] = [];
  const calls = [call('GET', '/a', { response: null }), call('PURGE', '/b'), call('GET', '/c')];
  const text = [...toOpenApi(calls, (gap) => gaps.push(gap))].join('');
  expect(gaps).toEqual(['no whole answer', 'a method that OpenAPI does not know']);
  expect(Object.keys(JSON.parse(text).paths)).toEqual(['/c']);
  expect((await documentOf()).paths).toEqual({});
});

describe('every recorded JSON body fits the schema of its place', () => {
  const target = fc.constantFrom(
    '/v1/things/12?x=1',
    '/v1/things/abc?x=y',
    '/v1/things',
    '/__proto__/1',
  );
  const made = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT'),
    target,
    status: fc.constantFrom(200, 201, 404),
    sent: fc.option(fc.json()),
    got: fc.json(),
  });

  test('whatever the bodies are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(made, { minLength: 1, maxLength: 6 }), async (all) => {
        const calls = all.map(({ method, target: path, status, sent, got }) =>
          call(method, path, {
            request: { headers: JSON_TYPE, body: bodyOf(sent ?? '') },
            response: { status, headers: JSON_TYPE, body: bodyOf(got) },
          }),
        );
        const document = await documentOf(...calls);
        for (const [at, { method, status, sent, got }] of all.entries()) {
          const template = calls[at]?.endpoint.template ?? '';
          const operation = document.paths[template][method.toLowerCase()];
          expectValid(operation.responses[status].content, got);
          if (sent !== null) expectValid(operation.requestBody.content, sent);
        }
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

function expectValid(content: Record<string, { schema: object }>, text: string): void {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, ownProperties: true });
  addFormats.default(ajv);
  expect(ajv.validate(content['application/json']?.schema ?? false, JSON.parse(text))).toBe(true);
}
