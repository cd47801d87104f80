import { describedCalls } from '@calltape/mock';
import type { DescribedCalls } from '@calltape/mock';
import type { CallDraft } from '@calltape/store';
import { expect, test } from 'vitest';

const SHOP = `
openapi: 3.0.3
info: { title: shop, version: '1' }
servers: [{ url: https://api.example.com/v1 }]
paths:
  /customers/{customer}:
    parameters:
      - { name: customer, in: path, required: true, schema: { type: string }, example: ada/b }
      - { name: X-Version, in: header, required: true, schema: { enum: [7] } }
    get:
      parameters:
        - { name: q, in: query, schema: { type: string } }
        - { name: in, in: query, required: true, schema: { type: array }, example: [a, b] }
      responses:
        200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Customer' } } } }
        404: { description: '', content: { application/json: { example: { error: none } } } }
        default: { description: '' }
    delete:
      responses:
        204: { description: '' }
        4XX: { description: '', content: { application/xml: { schema: { type: string } } } }
  /customers:
    post:
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Customer' } } }
      responses:
        201:
          description: ''
          content:
            application/json:
              examples: { a: { value: { id: 12345678901234567890 } }, b: { value: { id: 2 } } }
components:
  schemas:
    Customer:
      type: object
      additionalProperties: false
      required: [id, password]
      properties:
        id: { type: string, readOnly: true }
        password: { type: string, writeOnly: true, minLength: 3 }
`;

function callsOf(text: string, seed = 1): DescribedCalls {
  const calls = describedCalls(text, 'shop.yaml', seed, 1_000);
  if (calls === undefined) throw new Error('no description');
  return calls;
}

function textOf({ pieces }: { readonly pieces: readonly Uint8Array[] }): string {
  return Buffer.concat(pieces).toString();
}

function told({ method, url, template, response }: CallDraft): unknown[] {
  return [method, url, template, response?.status, response === null ? '' : textOf(response.body)];
}

test('each response of each operation is a call, by its examples or its schema', () => {
  const { chosen, others, warnings } = callsOf(SHOP);
  const url = 'https://api.example.com/v1/customers';
  const template = '/v1/customers/{customer}';
  expect(chosen.map(told)).toEqual([
    ['GET', `${url}/ada%2Fb?in=a&in=b`, template, 200, expect.stringMatching(/^\{"id":"[^"]+"\}$/)],
    ['DELETE', `${url}/ada%2Fb`, template, 204, ''],
    ['POST', url, '/v1/customers', 201, '{"id":12345678901234567890}'],
    ['POST', url, '/v1/customers', 201, '{"id":2}'],
  ]);
  expect(others.map(told)).toEqual([
    [
      'GET',
      expect.stringMatching(/\/v1\/customers\/[a-z]+\?in=a&in=b$/),
      template,
      404,
      '{"error":"none"}',
    ],
    ['GET', expect.any(String), template, 500, ''],
  ]);
  expect(warnings).toEqual([
    expect.stringContaining(
      'The response 4XX of "DELETE /customers/{customer}" of shop.yaml is left',
    ),
  ]);
});

test('a request has what is required of it, and nothing that only answers have', () => {
  const [get, , post] = callsOf(SHOP).chosen;
  expect(get?.headers).toEqual(['Host', 'api.example.com', 'X-Version', '7']);
  expect(JSON.parse(post === undefined ? '' : textOf(post.body))).toEqual({
    password: expect.stringMatching(/^.{3,}$/),
  });
});

test('the same seed gives the same calls, another one others', () => {
  expect(callsOf(SHOP, 4)).toEqual(callsOf(SHOP, 4));
  expect(callsOf(SHOP, 4).chosen).not.toEqual(callsOf(SHOP, 5).chosen);
});

test('what is no description is left to other readers, and a broken one is named', () => {
  expect(describedCalls('{"log":{"entries":[]}}', 'a.har', 1)).toBeUndefined();
  expect(describedCalls('hello', 'a.txt', 1)).toBeUndefined();
  expect(() => callsOf('openapi: 3.1.0\npaths: [')).toThrow('shop.yaml');
  expect(() => callsOf('swagger: "2.0"')).toThrow('is no version that is read here');
});
