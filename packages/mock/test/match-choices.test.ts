import { expect, it } from 'vitest';
import { parseIgnore, parseMatch, parseMatchRules } from '@calltape/mock';
import { got } from './got.ts';
import { mockOf } from './mock.ts';
import type { Told } from './tape.ts';

const JSON_ONE = ['Accept', 'application/json'];
const XML_ONE = ['Accept', 'application/xml'];

it('tells recordings apart by accept and content-type where their answers depend on them', async () => {
  const mock = await mockOf([
    { headers: JSON_ONE, answer: '{}' },
    { headers: XML_ONE, answer: '<x/>' },
    { url: '/same', headers: JSON_ONE, answer: 'same' },
    { url: '/same', headers: XML_ONE, answer: 'same' },
    { method: 'POST', headers: ['Content-Type', 'application/json'], body: '{}', answer: '1' },
    { method: 'POST', headers: ['Content-Type', 'application/ld+json'], body: '{}', answer: '2' },
  ]);
  const get = async (path: string, accept?: string) =>
    got(mock, 'GET', path, undefined, accept === undefined ? {} : { accept });
  expect(await get('/', 'application/xml')).toBe('<x/>');
  expect(await get('/', 'application/xml')).toBe('<x/>');
  expect(await get('/', 'application/json')).toBe('{}');
  expect(await get('/', 'text/html')).toBe('no match');
  expect(await get('/')).toBe('{}');
  expect(await get('/same', 'text/html')).toBe('same');
  const post = async (type: string) => got(mock, 'POST', '/', '{}', { 'content-type': type });
  expect(await post('application/ld+json; profile=x')).toBe('2');
  expect(await post('application/json;charset=utf-8')).toBe('1');
  const ignoring = await mockOf(
    [
      { headers: JSON_ONE, answer: '{}' },
      { headers: XML_ONE, answer: '<x/>' },
    ],
    { match: ['-header:accept'] },
  );
  expect(await got(ignoring, 'GET', '/', undefined, { accept: 'text/html' })).toBe('{}');
});

it('takes a header field into matching by choice', async () => {
  const calls = [
    { headers: ['Accept-Language', 'de'], answer: 'hallo' },
    { headers: ['Accept-Language', 'en'], answer: 'hello' },
  ];
  const mock = await mockOf(calls, { match: ['header:accept-language'] });
  const inLanguage = async (language: string) =>
    got(mock, 'GET', '/', undefined, { 'accept-language': language });
  expect(await inLanguage('en')).toBe('hello');
  expect(await inLanguage('de')).toBe('hallo');
  expect(await inLanguage('fr')).toBe('no match');
  expect(await got(mock, 'GET', '/')).toBe('no match');
  const [miss] = mock.summary().misses;
  expect(miss?.nearest[0]).toMatchObject({
    differs: [{ in: 'header', at: 'accept-language', recorded: 'de', received: 'fr' }],
    fix: '--ignore header:accept-language',
  });
});

it('leaves the body or the query out by choice', async () => {
  const calls = [
    { method: 'POST', url: '/a?x=1', body: '{"n":1}', answer: '1' },
    { method: 'POST', url: '/a?x=1', body: 'text', answer: '2' },
  ];
  const bodiless = await mockOf(calls, { match: ['-body'] });
  const sent = [await got(bodiless, 'POST', '/a?x=1', 'z'), await got(bodiless, 'POST', '/a?x=1')];
  expect(sent).toEqual(['1', '2']);
  expect(await got(bodiless, 'POST', '/a?x=2', 'z')).toBe('no match');
  const unqueried = await mockOf(calls, { match: ['-query'] });
  expect(await got(unqueried, 'POST', '/a?y=2', 'text')).toBe('2');
  expect(await got(unqueried, 'POST', '/a', '{"n":1}')).toBe('1');
  expect(await got(unqueried, 'POST', '/a', 'other')).toBe('no match');
});

it('ignores places', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const mock = await mockOf(
    [
      {
        method: 'POST',
        body: '{"a":{"b":1,"c":2},"items":[{"id":1,"n":1},{"id":2,"n":2}]}',
        answer: 'json',
      },
      { url: '/v1/customers/cus_1/cards?page=1&utm_source=a', answer: 'path' },
      { method: 'POST', headers: Object.entries(form).flat(), body: 'a=1&b=2', answer: 'form' },
    ],
    {
      ignore: [
        'json:/a/b',
        'json:/items/*/id',
        'query:utm_*',
        'form:b',
        'path:/v1/customers/*/cards',
      ],
    },
  );
  const post = async (body: string) => got(mock, 'POST', '/', body);
  expect(await post('{"a":{"c":2},"items":[{"id":7,"n":1},{"n":2}]}')).toBe('json');
  expect(await post('{"a":{"c":2,"b":[]},"items":[{"id":7,"n":1},{"n":2}]}')).toBe('json');
  expect(await post('{"a":{"c":3},"items":[{"id":7,"n":1},{"n":2}]}')).toBe('no match');
  expect(await got(mock, 'GET', '/v1/customers/cus_2/cards?page=1&utm_medium=b')).toBe('path');
  expect(await got(mock, 'GET', '/v1/customers/cus_2/cards?page=2')).toBe('no match');
  expect(await got(mock, 'GET', '/v1/customers/cus_2')).toBe('no match');
  expect(await got(mock, 'POST', '/', 'a=1&b=3', form)).toBe('form');
  expect(await got(mock, 'POST', '/', 'a=2&b=3', form)).toBe('no match');
});

it('ignores items of an array by their numbers', async () => {
  const mock = await mockOf(
    [{ method: 'POST', body: '[0,1,2,3,4,5,6,7,8,9,10,11]', answer: 'x' }],
    {
      ignore: ['json:/2', 'json:/10'],
    },
  );
  expect(await got(mock, 'POST', '/', '[0,1,"a",3,4,5,6,7,8,9,"b",11]')).toBe('x');
  expect(await got(mock, 'POST', '/', '[0,1,2,3,4,5,6,7,8,"c",10,11]')).toBe('no match');
});

function posted(url: string): Told {
  return { method: 'POST', url, body: '{"a":1,"b":2,"c":3}', answer: url };
}

it('has rules for some requests each, added to those for all', async () => {
  const mock = await mockOf([posted('/v1/charges'), posted('/v1/refunds'), posted('/v2/x/y')], {
    ignore: ['json:/c'],
    rules: [
      { route: 'POST /v1/charges', ignore: ['json:/a'] },
      { route: '* /v1/**', ignore: ['json:/b'] },
      { route: '* /v2/*/y', match: ['-body'] },
      { route: 'GET /**', match: ['-query'] },
    ],
  });
  const sent = async (path: string, body: object) => got(mock, 'POST', path, JSON.stringify(body));
  expect(await sent('/v1/charges', { a: 9, b: 9, c: 9 })).toBe('/v1/charges');
  expect(await sent('/v1/refunds', { a: 1, b: 9, c: 9 })).toBe('/v1/refunds');
  expect(await sent('/v1/refunds', { a: 9, b: 2, c: 3 })).toBe('no match');
  expect(await sent('/v2/x/y', { z: 0 })).toBe('/v2/x/y');
});

const LENIENT_CALLS = [
  { url: '/v1/customers/cus_1', answer: 'one' },
  { method: 'POST', url: '/v1/charges?a=1', body: '{"amount":1,"currency":"usd"}', answer: 'usd' },
  { method: 'POST', url: '/v1/charges?a=1', body: '{"amount":2,"currency":"eur"}', answer: 'eur' },
];

it('answers leniently with the nearest of the same endpoint, and says so', async () => {
  const mock = await mockOf(LENIENT_CALLS, { lenient: true });
  const marked = async (path: string, init?: RequestInit) => {
    const answer = await fetch(mock.url + path, init);
    return [answer.headers.get('x-calltape-lenient'), await answer.text()];
  };
  expect(await marked('/v1/customers/cus_1')).toEqual([null, 'one']);
  expect(await marked('/v1/customers/cus_2')).toEqual(['path:/v1/customers/*', 'one']);
  const body = '{"amount":3,"currency":"eur"}';
  expect(await marked('/v1/charges?a=2', { method: 'POST', body })).toEqual([
    'query:a json:/amount',
    'eur',
  ]);
  expect((await fetch(`${mock.url}/v1/others/1`)).status).toBe(404);
  expect((await fetch(`${mock.url}/v1/customers/cus_1`, { method: 'PUT' })).status).toBe(404);
  expect(mock.summary()).toMatchObject({ answered: 3, lenient: 2, missed: 2 });
});

it('is lenient for a route alone', async () => {
  const rules = [{ route: 'GET /v1/customers/*', lenient: true }];
  const mock = await mockOf(LENIENT_CALLS, { rules });
  expect(await got(mock, 'GET', '/v1/customers/cus_2')).toBe('one');
  expect(await got(mock, 'POST', '/v1/charges?a=1', '{}')).toBe('no match');
});

it('says how each near miss would be answered, and the line does it', async () => {
  const mock = await mockOf(LENIENT_CALLS);
  await got(mock, 'GET', '/v1/customers/cus_2');
  await got(mock, 'POST', '/v1/charges?a=1', '{"amount":3,"currency":"eur"}');
  await got(mock, 'POST', '/v1/charges?a=1', '{"amount":3,"currency":"eur"}');
  const { misses, missed } = mock.summary();
  expect([missed, misses.map(({ count }) => count)]).toEqual([3, [1, 2]]);
  expect(misses.map(({ nearest }) => nearest[0]?.fix)).toEqual([
    "--ignore 'path:/v1/customers/*'",
    '--ignore json:/amount',
  ]);
  const fixed = await mockOf(LENIENT_CALLS, { ignore: ['path:/v1/customers/*', 'json:/amount'] });
  expect(await got(fixed, 'GET', '/v1/customers/cus_2')).toBe('one');
  const body = '{"amount":3,"currency":"eur"}';
  expect(await got(fixed, 'POST', '/v1/charges?a=1', body)).toBe('eur');
});

it('keeps a hundred different misses', async () => {
  const mock = await mockOf([{ url: '/' }]);
  for (let n = 0; n < 120; n += 1) await got(mock, 'GET', `/missing-${n}`);
  expect(mock.summary().misses).toHaveLength(100);
  expect(mock.summary().missed).toBe(120);
});

it.each([
  [
    '-bdy',
    '--match "-bdy": it is header:NAME, or with - in front header:NAME, host, query, body or learned; did you mean body.',
  ],
  ['header:a b', '--match "header:a b": "a b" is no name of a header field; write header:NAME.'],
  [
    'header:Authorization',
    '--match "header:Authorization": authorization never takes part, as it is a secret or new for each request; leave it out.',
  ],
  [
    '-path',
    '--match "-path": the path always takes part; for segments that do not count write --ignore \'path:/v1/customers/*\'.',
  ],
])('refuses --match %s', (text, sentence) => {
  expect(() => parseMatch(text)).toThrow(
    expect.objectContaining({ code: 'MATCH_INVALID', message: `Failed to read ${sentence}` }),
  );
});

it.each([
  [
    '/a',
    '"/a": it is one of json:/POINTER, query:NAME, form:NAME, header:NAME or path:/PATH/*, as in json:/meta/nonce.',
  ],
  ['json:a.b', '"json:a.b": a JSON pointer begins with /: write json:/a/b.'],
  ['json:/a~b', '"json:/a~b": in a JSON pointer ~ is written ~0, and / within a name ~1.'],
  [
    'body:/a',
    '"body:/a": there is no place "body"; it is one of json:/POINTER, query:NAME, form:NAME, header:NAME or path:/PATH/*, as in json:/meta/nonce.',
  ],
  [
    'path:/v1/x',
    '"path:/v1/x": a path begins with / and has a * for each segment that does not count, as in path:/v1/customers/*.',
  ],
])('refuses --ignore %s', (text, sentence) => {
  expect(() => parseIgnore(text)).toThrow(
    expect.objectContaining({
      code: 'IGNORE_INVALID',
      message: `Failed to read --ignore ${sentence}`,
    }),
  );
});

it.each([
  ['[\n{"route": "GET /",}\n]', 'at line 2: it is no JSON'],
  [
    '{}',
    'at its top: it is a list, as in [{"route": "POST /v1/charges", "ignore": ["json:/nonce"]}].',
  ],
  ['[1]', 'at /0: a rule is an object'],
  [
    '[{"route":"GET /","ingore":[]}]',
    'at /0/ingore: a rule has no such member, only route, match, ignore, lenient; did you mean ignore.',
  ],
  ['[{"route":"GET /"},{"match":[]}]', 'at /1/route: a rule needs a route such as'],
  ['[{"route":"get /v1"}]', 'at /0/route: "get /v1" is no route;'],
  ['[{"route":"GET /v1?a=1"}]', 'at /0/route: a route has no query; write GET /v1.'],
  ['[{"route":"GET /v1**"}]', 'at /0/route: ** stands alone between slashes'],
  [
    '[{"route":"GET /","ignore":["query:a","x"]}]',
    'at /0/ignore/1: "x": it is one of json:/POINTER',
  ],
  ['[{"route":"GET /","match":"-body"}]', 'at /0/match: it is a list of texts.'],
  ['[{"route":"GET /","match":[1]}]', 'at /0/match/0: it is a text.'],
  ['[{"route":"GET /","lenient":"yes"}]', 'at /0/lenient: lenient is true or false.'],
])('refuses the rules %s', (text, sentence) => {
  expect(() => parseMatchRules(text, 'r.json')).toThrow(
    expect.objectContaining({
      code: 'RULES_INVALID',
      message: expect.stringContaining(`Failed to read the matching rules of "r.json" ${sentence}`),
    }),
  );
});
