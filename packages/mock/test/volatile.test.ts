import { expect, it } from 'vitest';
import type { Mock } from '@calltape/mock';
import { got } from './got.ts';
import { mockOf } from './mock.ts';
import type { Told } from './tape.ts';

const uuid = (n: number) => `0b9f1d5c-7c1e-4b7a-9a51-${String(n).padStart(12, '0')}`;
const posted = (body: object, answer = 'x', more: Partial<Told> = {}): Told => ({
  method: 'POST',
  body: JSON.stringify(body),
  answer,
  ...more,
});
const post = async (mock: Mock, body: object) => got(mock, 'POST', '/', JSON.stringify(body));

it.each([
  ['a uuid', 'requestId', uuid(1), uuid(2)],
  ['an id of the request itself', 'request_id', 'r-17', 'r-18'],
  ['a nonce', 'nonce', 'abc', 'xyz'],
  ['a time by its name', 'created_at', '2026-01-02T03:04:05Z', '2027-11-12T13:14:15.123Z'],
  ['the time of the call', 'x', new Date().toISOString(), '2031-11-12T13:14:15.123Z'],
  ['the time of the call in seconds', 'x', Math.trunc(Date.now() / 1000), 1_900_000_000],
  ['a timestamp in milliseconds', 'timestamp', 1_700_000_000_000, 1_700_000_999_000],
])('does not compare %s', async (_what, name, was, is) => {
  const mock = await mockOf([posted({ amount: 5, meta: { [name]: was } }, 'answered')]);
  expect(await post(mock, { amount: 5, meta: { [name]: is } })).toBe('answered');
  expect(await post(mock, { amount: 6, meta: { [name]: is } })).toBe('no match');
  expect(await post(mock, { amount: 5, meta: { [name]: true } })).toBe('no match');
  expect(await post(mock, { amount: 5, meta: {} })).toBe('no match');
  expect(await post(mock, { amount: 5, meta: { [name]: is }, more: 1 })).toBe('no match');
  expect(mock.summary().learned).toEqual([
    { method: 'POST', path: '/', places: [`json:/meta/${name}`] },
  ]);
});

it.each([
  ['an amount', 'amount', 100, 200],
  ['a word', 'currency', 'usd', 'eur'],
  ['a name of a thing', 'customer_id', uuid(1), uuid(2)],
  ['an id with a prefix', 'method', 'pm_1NcXyzAbCdEf0123', 'pm_1NcXyzAbCdEf9999'],
  ['an id of many digits', 'id', 1_234_567_890, 1_234_567_891],
  ['the start of a range', 'from', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
  ['a moment asked for', 'date', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
  ['a day', 'day', '2026-01-01', '2026-01-02'],
])('compares %s', async (_what, name, was, is) => {
  const mock = await mockOf([posted({ [name]: was, a: 1 }), posted({ a: 2, [name]: was }, 'y')]);
  expect(await post(mock, { [name]: was, a: 1 })).toBe('x');
  expect(await post(mock, { [name]: is, a: 1 })).toBe('no match');
  expect(mock.summary().learned).toEqual([]);
});

it('learns what changed between requests that were equal otherwise', async () => {
  const hex = ['9f86d081884c7d65', '60303ae22b998861', 'fd61a03af4f77d87'];
  const at = ['2026-01-02T03:04:05Z', '2026-01-02T03:04:06Z', '2026-01-02T03:04:07Z'];
  const of = (n: number, amount = 5) => ({ amount, mark: hex[n], seen: at[n] });
  const mock = await mockOf([posted(of(0), 'first'), posted(of(1), 'second')]);
  expect([await post(mock, of(2)), await post(mock, of(2))]).toEqual(['first', 'second']);
  expect(await post(mock, of(1))).toBe('second');
  expect(await post(mock, of(2, 6))).toBe('no match');
  const once = await mockOf([posted(of(0), 'first')]);
  expect(await post(once, of(2))).toBe('no match');
});

it('learns a value that never came twice and made no difference', async () => {
  const same = [posted({ a: 1, n: 1 }, 'ok'), posted({ a: 1, n: 2 }, 'ok')];
  const mock = await mockOf(same);
  expect(await post(mock, { a: 1, n: 3 })).toBe('ok');
  expect(await post(mock, { a: 2, n: 3 })).toBe('no match');
  const different = await mockOf([...same, posted({ a: 1, n: 3 }, 'other')]);
  expect(await post(different, { a: 1, n: 4 })).toBe('no match');
  const twice = await mockOf([...same, posted({ a: 1, n: 2 }, 'ok')]);
  expect(await post(twice, { a: 1, n: 4 })).toBe('no match');
  const words = await mockOf([posted({ e: 'sold' }, 'ok'), posted({ e: 'bought' }, 'ok')]);
  expect(await post(words, { e: 'lost' })).toBe('no match');
});

it('prefers the recording of the very same request', async () => {
  const mock = await mockOf([1, 2, 3].map((n) => posted({ id: uuid(n) }, `${n}`)));
  expect(await post(mock, { id: uuid(3) })).toBe('3');
  expect(await post(mock, { id: uuid(2) })).toBe('2');
  expect([await post(mock, { id: uuid(8) }), await post(mock, { id: uuid(9) })]).toEqual([
    '1',
    '2',
  ]);
});

it('takes a uuid that an answer said first for the name of a thing', async () => {
  const mock = await mockOf([
    { method: 'POST', url: '/carts', answer: JSON.stringify({ id: uuid(1) }) },
    { url: `/carts/${uuid(1)}`, answer: 'cart' },
    { method: 'POST', url: '/orders', body: JSON.stringify({ cart: uuid(1) }), answer: 'order' },
  ]);
  expect(await got(mock, 'GET', `/carts/${uuid(1)}`)).toBe('cart');
  expect(await got(mock, 'GET', `/carts/${uuid(2)}`)).toBe('no match');
  const order = async (n: number) =>
    got(mock, 'POST', '/orders', JSON.stringify({ cart: uuid(n) }));
  expect(await order(1)).toBe('order');
  expect(await order(2)).toBe('no match');
});

it('compares a path, but for an id that the client made up', async () => {
  const mock = await mockOf([
    { url: '/v1/customers/cus_1', answer: 'one' },
    { url: `/tenants/${uuid(5)}`, answer: 'tenant' },
    { method: 'PUT', url: `/notes/${uuid(1)}`, body: '{"text":"hi"}', answer: 'put' },
    { url: `/notes/${uuid(1)}`, answer: JSON.stringify({ id: uuid(1) }) },
    { method: 'POST', url: '/jobs', body: JSON.stringify({ id: uuid(2) }), answer: 'job' },
    { url: `/jobs/${uuid(2)}/state`, answer: 'done' },
  ]);
  expect(await got(mock, 'GET', '/v1/customers/cus_2')).toBe('no match');
  expect(await got(mock, 'GET', `/tenants/${uuid(6)}`)).toBe('no match');
  expect(await got(mock, 'PUT', `/notes/${uuid(7)}`, '{"text":"hi"}')).toBe('put');
  expect(await got(mock, 'PUT', `/notes/${uuid(7)}`, '{"text":"ho"}')).toBe('no match');
  expect(await got(mock, 'GET', `/notes/${uuid(7)}`)).toContain(uuid(7));
  expect(await got(mock, 'GET', `/jobs/${uuid(8)}/state`)).toBe('done');
  expect(await got(mock, 'GET', '/jobs/other/state')).toBe('no match');
  expect(mock.summary().learned).toContainEqual({
    method: 'PUT',
    path: '/notes/*',
    places: ['path:/notes/*'],
  });
});

const FORM = 'application/x-www-form-urlencoded';

function multipart(boundary: string): string {
  return `multipart/form-data; boundary=${boundary}`;
}

function part(name: string, value: string): string {
  return `\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function parts(boundary: string, nonce: string, text = 'hi'): string {
  return `--${boundary}${part('nonce', nonce)}--${boundary}${part('text', text)}--${boundary}--`;
}

it('learns in queries, forms and multipart forms', async () => {
  const mock = await mockOf([
    { url: '/q?a=1&_=1700000000000', answer: 'query' },
    {
      method: 'POST',
      url: '/f',
      headers: ['content-type', FORM],
      body: 'a=1&nonce=x',
      answer: 'form',
    },
    {
      method: 'POST',
      url: '/m',
      headers: ['content-type', multipart('b')],
      body: parts('b', 'one'),
      answer: 'parts',
    },
  ]);
  expect(await got(mock, 'GET', '/q?_=1800000000000&a=1')).toBe('query');
  expect(await got(mock, 'GET', '/q?_=1800000000000&a=2')).toBe('no match');
  expect(await got(mock, 'POST', '/f', 'nonce=y&a=1', { 'content-type': FORM })).toBe('form');
  const send = async (body: string) =>
    got(mock, 'POST', '/m', body, { 'content-type': multipart('c') });
  expect(await send(parts('c', 'two'))).toBe('parts');
  expect(await send(parts('c', 'two', 'ho'))).toBe('no match');
});

it('learns nothing where it is told so', async () => {
  const mock = await mockOf([posted({ nonce: 'a' })], { match: ['-learned'] });
  expect(await post(mock, { nonce: 'b' })).toBe('no match');
});

it('does not call what is new each time a difference', async () => {
  const mock = await mockOf([posted({ nonce: 'a', amount: 5 })]);
  const answer = await fetch(mock.url, { method: 'POST', body: '{"nonce":"b","amount":6}' });
  const { error } = await answer.json();
  expect(error.nearest[0]).toMatchObject({
    differs: [{ in: 'body', at: '/amount', recorded: '5', received: '6' }],
    fix: '--ignore json:/amount',
  });
  const other = await fetch(mock.url, { method: 'POST', body: '{"nonce":null,"amount":5}' });
  expect((await other.json()).error.nearest[0]).toMatchObject({
    differs: [{ in: 'body', at: '/nonce', recorded: 'a', received: 'null' }],
    fix: '--ignore json:/nonce',
  });
});
