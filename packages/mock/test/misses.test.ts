import { expect, it } from 'vitest';
import type { Mock } from '@calltape/mock';
import { send } from './http.ts';
import { mockOf } from './mock.ts';

interface Explained {
  readonly code: string;
  readonly message: string;
  readonly request: object;
  readonly nearest?: {
    readonly method: string;
    readonly url: string;
    readonly answer: object;
    readonly differs: object[];
    readonly more?: number;
  }[];
  readonly recordings?: object[];
}

async function missOf(
  mock: Mock,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Explained> {
  const answer = await send(mock, path, { method, headers }, body);
  expect(answer.status).toBe(404);
  expect(answer.headers['x-calltape-no-match']).toBe('1');
  expect(answer.headers['content-type']).toBe('application/json');
  const { error }: { error: Explained } = JSON.parse(answer.body.toString());
  return error;
}

const CHARGES = [
  {
    method: 'POST',
    url: '/v1/charges',
    body: '{"amount":100,"currency":"usd","meta":{"a/b":[1,2]}}',
    answer: '{}',
    response: { status: 201, statusText: 'Created' },
  },
  { method: 'POST', url: '/v1/charges', body: '{"amount":5,"currency":"eur"}', answer: '{}' },
  { url: '/v1/charges?limit=3', answer: '[]' },
  { url: '/v1/customers/cus_1', answer: '{}' },
  { method: 'DELETE', url: '/other/thing/entirely', answer: '{}' },
];

it('says what came, the nearest recordings, what differs and what they would have answered', async () => {
  const mock = await mockOf(CHARGES);
  const body = '{"amount":120,"currency":"usd","meta":{"a/b":[1]},"extra":"x"}';
  const miss = await missOf(mock, 'POST', '/v1/charges', body, {
    'content-type': 'application/json',
  });
  expect(miss.code).toBe('NO_MATCH');
  expect(miss.message).toBe(
    'No recording answers POST /v1/charges. The nearest one differs in body /amount: recorded 100, received 120.',
  );
  expect(miss.request).toEqual({
    method: 'POST',
    target: '/v1/charges',
    contentType: 'application/json',
    bodyBytes: body.length,
  });
  expect(miss.nearest).toHaveLength(3);
  expect(miss.nearest?.[0]).toMatchObject({
    method: 'POST',
    url: 'https://api.example.com/v1/charges',
    answer: { status: 201, statusText: 'Created' },
    differs: [
      { in: 'body', at: '/amount', recorded: '100', received: '120' },
      { in: 'body', at: '/meta/a~1b/1', recorded: '2', received: null },
      { in: 'body', at: '/extra', recorded: null, received: 'x' },
    ],
  });
  expect(miss.nearest?.[2]).toMatchObject({ method: 'GET' });
});

it('names method, path and query when they differ', async () => {
  const mock = await mockOf(CHARGES);
  const nearestOf = async (method: string, path: string) =>
    (await missOf(mock, method, path)).nearest?.[0];
  expect(await nearestOf('PUT', '/v1/charges?limit=3')).toMatchObject({
    url: 'https://api.example.com/v1/charges?limit=3',
    differs: [{ in: 'method', recorded: 'GET', received: 'PUT' }],
  });
  expect(await nearestOf('GET', '/v1/customers/cus_2')).toMatchObject({
    differs: [{ in: 'path', recorded: '/v1/customers/cus_1', received: '/v1/customers/cus_2' }],
  });
  expect(await nearestOf('GET', '/v1/charges?limit=4&page=2&page=3')).toMatchObject({
    differs: [
      { in: 'query', at: 'limit', recorded: '3', received: '4' },
      { in: 'query', at: 'page', recorded: null, received: '2, 3' },
    ],
  });
});

it('compares forms, multipart bodies, bytes and kinds of bodies', async () => {
  const form = 'application/x-www-form-urlencoded';
  const type = 'multipart/form-data; boundary=b';
  const mock = await mockOf([
    { method: 'POST', url: '/form', headers: ['content-type', form], body: 'a=1&b=2' },
    { method: 'POST', url: '/parts', headers: ['content-type', type], body: '--b\r\none\r\n--b--' },
    { method: 'POST', url: '/bytes', body: 'plain text' },
    { method: 'POST', url: '/json', body: '{"a":"1","b":true}' },
  ]);
  const differs = async (path: string, body: string, contentType = 'text/plain') => {
    const miss = await missOf(mock, 'POST', path, body, { 'content-type': contentType });
    return miss.nearest?.[0]?.differs;
  };
  expect(await differs('/form', 'a=1&b=3&c=4', form)).toEqual([
    { in: 'body', at: 'b', recorded: '2', received: '3' },
    { in: 'body', at: 'c', recorded: null, received: '4' },
  ]);
  expect(await differs('/parts', '--x\r\ntwo\r\n--x--', type.replace('=b', '=x'))).toEqual([
    { in: 'body', at: 'part 1', recorded: 'one', received: 'two' },
  ]);
  expect(await differs('/bytes', 'plain test!')).toEqual([
    { in: 'body', at: 'byte 8', recorded: '10 bytes', received: '11 bytes' },
  ]);
  expect(await differs('/json', '{"a":1,"b":"true"}')).toEqual([
    { in: 'body', at: '/a', recorded: '"1"', received: '1' },
    { in: 'body', at: '/b', recorded: 'true', received: '"true"' },
  ]);
  expect(await differs('/json', '')).toEqual([
    { in: 'body', at: '', recorded: 'JSON', received: 'no body' },
  ]);
});

function wide(value: string): string {
  return JSON.stringify(
    Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, value])),
  );
}

it('stays short whatever is sent', async () => {
  const mock = await mockOf([
    { method: 'POST', url: '/a', body: wide('recorded') },
    { method: 'POST', url: '/b', body: wide('x'.repeat(200)) },
    { method: 'POST', url: `/${'d'.repeat(5_000)}`, body: '{}' },
  ]);
  const path = `/${'c'.repeat(5_000)}`;
  const answer = await send(mock, path, { method: 'POST' }, wide('y'.repeat(200)));
  expect(answer.status).toBe(404);
  expect(answer.body.length).toBeLessThan(12_000);
  const { error }: { error: Explained } = JSON.parse(answer.body.toString());
  expect(error.nearest).toHaveLength(3);
  expect(error.nearest?.[0]?.differs).toHaveLength(8);
  expect(error.nearest?.[0]?.more).toBe(200);
});

it('says so when all recordings of a call have been played', async () => {
  const mock = await mockOf([{ url: '/a' }, { url: '/a' }, { url: '/b' }], { repeat: 'once' });
  await send(mock, '/a');
  await send(mock, '/a');
  const twice = await missOf(mock, 'GET', '/a');
  expect(twice.code).toBe('RECORDING_USED_UP');
  expect(twice.message).toBe(
    'All 2 recordings of GET /a have been played, and each is played once.',
  );
  expect(twice.recordings).toHaveLength(2);
  expect(mock.summary()).toMatchObject({
    answered: 2,
    missed: 1,
    unused: [{ method: 'GET', url: 'https://api.example.com/b' }],
  });
});

it('has no content for HEAD, but the same head', async () => {
  const mock = await mockOf(CHARGES);
  const { status, headers, body } = await send(mock, '/v1/charges', { method: 'HEAD' });
  expect([status, headers['x-calltape-no-match'], body.length]).toEqual([404, '1', 0]);
});
