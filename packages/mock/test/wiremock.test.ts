import type { Mock } from '@calltape/mock';
import { describe, expect, test } from 'vitest';
import { fileWith, folderWith } from './files.ts';
import { send } from './http.ts';
import { mockOf } from './mock.ts';
import { closing, exchangeRaw } from './raw.ts';

type Json = Readonly<Record<string, unknown>>;

async function stubs(...mappings: readonly Json[]): Promise<Mock> {
  return mockOf(await fileWith({ mappings }));
}

function stub(request: Json, response: Json = { body: 'hit' }, rest: Json = {}): Json {
  return { request, response, ...rest };
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

async function statusOf(mock: Mock, { path = '/', body, ...options }: Asked): Promise<number> {
  return (await send(mock, path, { method: body === undefined ? 'GET' : 'POST', ...options }, body))
    .status;
}

const json = (body: unknown): Asked => ({
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const bodies = (...bodyPatterns: readonly Json[]): Json => ({ bodyPatterns });

describe('a request fits a mapping by', () => {
  test.each<[what: string, request: Json, fits: readonly Asked[], not: readonly Asked[]]>([
    ['url', { url: '/a?b=1' }, [{ path: '/a?b=1' }], [{ path: '/a' }, { path: '/a?b=2' }]],
    ['urlPath', { urlPath: '/a' }, [{ path: '/a?x=1' }, { path: '/a' }], [{ path: '/a/b' }]],
    [
      'urlPattern',
      { urlPattern: '/a/[0-9]+\\?q=.*' },
      [{ path: '/a/12?q=x' }],
      [{ path: '/a/x?q=' }, { path: '/a/12' }],
    ],
    [
      'urlPathPattern',
      { urlPathPattern: '/a/[0-9]+' },
      [{ path: '/a/12?q=x' }],
      [{ path: '/a/12/b' }],
    ],
    [
      'urlPathTemplate',
      { urlPathTemplate: '/a/{id}/b', pathParameters: { id: { matches: '[0-9]+' } } },
      [{ path: '/a/7/b?x=1' }],
      [{ path: '/a/x/b' }, { path: '/a/7' }],
    ],
    ['method', { method: 'DELETE', url: '/' }, [{ method: 'DELETE' }], [{ method: 'GET' }]],
    ['any method', { method: 'ANY', url: '/' }, [{ method: 'DELETE' }, {}], []],
    [
      'query',
      { urlPath: '/', queryParameters: { q: { contains: 'b' }, z: { absent: true } } },
      [{ path: '/?q=abc' }, { path: '/?q=x&q=b' }],
      [{ path: '/?q=x' }, { path: '/?q=b&z=' }, {}],
    ],
    [
      'headers',
      { headers: { 'X-A': { equalTo: 'Yes', caseInsensitive: true } } },
      [{ headers: { 'x-a': 'yes' } }],
      [{ headers: { 'x-a': 'no' } }, {}],
    ],
    [
      'cookies',
      { cookies: { s: { matches: '[a-f0-9]+' } } },
      [{ headers: { cookie: 'a=1; s=0af' } }],
      [{ headers: { cookie: 's=xyz' } }, {}],
    ],
    [
      'basic authorization',
      { basicAuth: { username: 'u', password: 'p' } },
      [{ headers: { authorization: `Basic ${btoa('u:p')}` } }],
      [{}],
    ],
    [
      'a form',
      { formParameters: { a: { equalTo: 'x y' } } },
      [{ body: 'b=1&a=x+y' }],
      [{ body: 'a=x' }],
    ],
    ['equalTo', bodies({ equalTo: 'abc' }), [{ body: 'abc' }], [{ body: 'abcd' }, {}]],
    [
      'contains and not',
      bodies({ contains: 'a' }, { doesNotContain: 'z' }),
      [{ body: 'bab' }],
      [{ body: 'az' }, { body: 'b' }],
    ],
    ['matches', bodies({ matches: '.*a.b.*' }), [{ body: 'x\na-b\n' }], [{ body: 'ab' }]],
    ['or', bodies({ or: [{ equalTo: 'a' }, { equalTo: 'b' }] }), [{ body: 'b' }], [{ body: 'c' }]],
    ['not', bodies({ not: { equalTo: 'a' } }), [{ body: 'b' }], [{ body: 'a' }]],
    [
      'binaryEqualTo',
      bodies({ binaryEqualTo: btoa('\u0000\u0001') }),
      [{ body: '\u0000\u0001' }],
      [{ body: '\u0000' }],
    ],
    [
      'equalToJson',
      bodies({ equalToJson: { a: 1, b: [1, 2] } }),
      [json({ b: [1, 2], a: 1.0 }), json('{"a":1.0,"b":[1,2]}')],
      [json({ a: 1, b: [2, 1] }), json({ a: 1, b: [1, 2], c: 1 }), json({ a: 1 })],
    ],
    [
      'equalToJson in any order',
      bodies({ equalToJson: '{"b":[{"x":1},{"x":2}]}', ignoreArrayOrder: true }),
      [json({ b: [{ x: 2 }, { x: 1 }] })],
      [json({ b: [{ x: 2 }, { x: 2 }] })],
    ],
    [
      'equalToJson with more',
      bodies({ equalToJson: { a: { b: 1 } }, ignoreExtraElements: true }),
      [json({ a: { b: 1, c: 2 }, d: 3 })],
      [json({ a: {} })],
    ],
    [
      'equalToJson with all digits',
      bodies({ equalToJson: '{"id":12345678901234567890}' }),
      [json('{"id":12345678901234567890}')],
      [json('{"id":12345678901234567891}')],
    ],
    [
      'equalToJson with placeholders',
      bodies({ equalToJson: { a: '${json-unit.any-string}', b: '${json-unit.ignore}' } }),
      [json({ a: 'x', b: [1] })],
      [json({ a: 1, b: 1 })],
    ],
    [
      'matchesJsonPath',
      bodies({ matchesJsonPath: "$.items[?(@.kind == 'card')]" }),
      [json({ items: [{ kind: 'bank' }, { kind: 'card' }] })],
      [json({ items: [{ kind: 'bank' }] }), { body: 'no' }],
    ],
    [
      'matchesJsonPath and a value',
      bodies({ matchesJsonPath: { expression: '$..id', equalTo: '7' } }),
      [json({ a: { id: 7 } })],
      [json({ a: { id: 8 } }), json({})],
    ],
  ])('%s', async (_, request, fits, not) => {
    const mock = await stubs(stub(request));
    for (const asked of fits) expect([asked, await statusOf(mock, asked)]).toEqual([asked, 200]);
    for (const asked of not) expect([asked, await statusOf(mock, asked)]).toEqual([asked, 404]);
  });
});

describe('an answer', () => {
  test('has its status, reason, fields and body', async () => {
    const response = {
      status: 201,
      statusMessage: 'Made',
      headers: { 'X-One': 'a', 'Set-Cookie': ['a=1', 'b=2'], 'Content-Type': 'text/plain' },
      body: 'héllo',
    };
    const mock = await stubs(stub({ url: '/' }, response));
    const answer = await send(mock, '/');
    expect(answer).toMatchObject({ status: 201, statusText: 'Made' });
    expect(answer.rawHeaders.slice(0, 8)).toEqual([
      'X-One',
      'a',
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'Content-Type',
      'text/plain',
    ]);
    expect(answer.body.toString()).toBe('héllo');
  });

  test('may be JSON with all its digits, Base64, or a file', async () => {
    const folder = await folderWith({
      'mappings/a.json':
        '{"request":{"url":"/json"},"response":{"jsonBody":{"id":12345678901234567890,"p":1.10}}}',
      'mappings/deep/b.json': stub({ url: '/base64' }, { base64Body: 'AP+JUA==' }),
      'mappings/c.json': stub({ url: '/file' }, { bodyFileName: 'deep/x.bin' }),
      '__files/deep/x.bin': Buffer.from([0, 255, 1]),
    });
    const mock = await mockOf(folder);
    expect((await send(mock, '/json')).body.toString()).toBe(
      '{"id":12345678901234567890,"p":1.10}',
    );
    expect([...(await send(mock, '/base64')).body]).toEqual([0, 255, 137, 80]);
    expect([...(await send(mock, '/file')).body]).toEqual([0, 255, 1]);
    expect(mock.patterns).toBe(3);
  });

  test('comes after its delay, in pieces where it dribbles', async () => {
    const mock = await stubs(
      stub({ url: '/late' }, { fixedDelayMilliseconds: 120 }),
      stub({ url: '/drawn' }, { delayDistribution: { type: 'uniform', lower: 60, upper: 80 } }),
      stub(
        { url: '/pieces' },
        { body: 'abcdef', chunkedDribbleDelay: { numberOfChunks: 3, totalDuration: 90 } },
      ),
    );
    for (const [path, least] of [
      ['/late', 115],
      ['/drawn', 55],
      ['/pieces', 85],
    ] as const) {
      const started = performance.now();
      await send(mock, path);
      expect(performance.now() - started).toBeGreaterThan(least);
    }
  });

  test.each([
    ['EMPTY_RESPONSE', 'ECONNRESET', ''],
    ['CONNECTION_RESET_BY_PEER', 'ECONNRESET', ''],
    ['RANDOM_DATA_THEN_CLOSE', 'HPE_INVALID_CONSTANT', 'not a chunk'],
    ['MALFORMED_RESPONSE_CHUNK', 'HPE_INVALID_CHUNK_SIZE', 'HTTP/1.1 200 OK'],
  ])('%s', async (fault, code, bytes) => {
    const mock = await stubs(stub({ url: '/' }, { fault }));
    await expect(send(mock, '/')).rejects.toMatchObject({ code });
    expect((await exchangeRaw(mock, closing('GET /'))).text).toContain(bytes);
  });
});

test('the smaller priority answers, and of equals the later one', async () => {
  const mock = await stubs(
    stub({ urlPathPattern: '/.*' }, { body: 'fallback' }, { priority: 10 }),
    stub({ url: '/a' }, { body: 'first' }),
    stub({ url: '/a' }, { body: 'second' }),
  );
  expect((await send(mock, '/a')).body.toString()).toBe('second');
  expect((await send(mock, '/b')).body.toString()).toBe('fallback');
});

test('a scenario goes from state to state', async () => {
  const scenarioName = 'order';
  const mock = await stubs(
    stub(
      { method: 'GET', url: '/o' },
      { body: 'open' },
      { scenarioName, requiredScenarioState: 'Started' },
    ),
    stub(
      { method: 'POST', url: '/o' },
      { body: 'ok' },
      { scenarioName, requiredScenarioState: 'Started', newScenarioState: 'paid' },
    ),
    stub(
      { method: 'GET', url: '/o' },
      { body: 'paid' },
      { scenarioName, requiredScenarioState: 'paid' },
    ),
  );
  const states = [];
  states.push((await send(mock, '/o')).body.toString());
  states.push((await send(mock, '/o', { method: 'POST' })).body.toString());
  states.push((await send(mock, '/o')).body.toString());
  expect(states).toEqual(['open', 'ok', 'paid']);
  const second = await send(mock, '/o', { method: 'POST' });
  expect(second.body.toString()).toContain('scenario order is in the state paid, not Started');
});

test('faults strike it, and what they replace is not given', async () => {
  const file = await fileWith(stub({ url: '/a' }, { body: 'x' }, { name: 'the a' }));
  const mock = await mockOf(file, { faults: ['GET /a status=503 first=1'] });
  expect((await send(mock, '/a')).status).toBe(503);
  expect(mock.summary().unusedPatterns).toMatchObject([{ source: file, name: 'the a', url: '/a' }]);
  expect((await send(mock, '/a')).status).toBe(200);
  expect(mock.summary()).toMatchObject({ answered: 2, missed: 0, faulted: 1, unusedPatterns: [] });
});

test('a miss names the nearest mapping and what does not fit', async () => {
  const mock = await stubs(
    stub({ method: 'POST', url: '/other' }),
    stub(
      { method: 'POST', url: '/a', headers: { accept: { equalTo: 'x/y' } } },
      {},
      { name: 'make a' },
    ),
  );
  const answer = await send(mock, '/a', { method: 'POST' });
  expect(answer.status).toBe(404);
  const { error } = JSON.parse(answer.body.toString());
  expect(error.nearestPatterns[0]).toMatchObject({
    name: 'make a',
    differs: ['header accept does not fit'],
  });
  expect(error.message).toContain('"make a"');
  expect(mock.summary().misses[0]?.message).toContain('header accept does not fit');
});

describe('what is not understood is left out by name:', () => {
  test.each<[what: string, mapping: Json, place: string]>([
    [
      'an operator',
      stub({ bodyPatterns: [{ matchesXPath: '//a' }] }),
      '/mappings/0/request/bodyPatterns/0/matchesXPath',
    ],
    [
      'a part of the request',
      stub({ customMatcher: { name: 'x' } }),
      '/mappings/0/request/customMatcher',
    ],
    ['a lookahead', stub({ urlPattern: '/(?=a).*' }), 'is a regular expression that uses (?='],
    [
      'a JSONPath with a function',
      stub({ bodyPatterns: [{ matchesJsonPath: '$.a.length()' }] }),
      'is no simple JSONPath',
    ],
    [
      'a proxy',
      stub({ url: '/' }, { proxyBaseUrl: 'http://x' }),
      '/mappings/0/response/proxyBaseUrl',
    ],
    [
      'a template',
      stub({ url: '/' }, { body: '{{request.url}}', transformers: ['response-template'] }),
      'is response-template, which is not done',
    ],
    ['a member', stub({ url: '/' }, {}, { somethingNew: 1 }), '/mappings/0/somethingNew'],
  ])('%s', async (_, mapping, place) => {
    const mock = await stubs({ ...mapping, name: 'odd' }, stub({ url: '/known' }));
    expect(mock.patterns).toBe(1);
    expect(mock.warnings).toHaveLength(1);
    expect(mock.warnings[0]).toContain('"odd"');
    expect(mock.warnings[0]).toContain(place);
  });

  test('but for webhooks, which are only not called', async () => {
    const serveEventListeners = [{ name: 'webhook', parameters: {} }];
    const mock = await stubs(
      stub({ url: '/' }, { body: 'x' }, { name: 'hooked', serveEventListeners }),
    );
    expect(mock.warnings[0]).toContain('"hooked"');
    expect((await send(mock, '/')).status).toBe(200);
  });
});

describe('nothing starts with', () => {
  test.each<[what: string, content: unknown, sentence: string]>([
    [
      'broken JSON',
      '{"mappings": [\n  {"request": }\n]}',
      'it is no JSON from line 2, column 15 on',
    ],
    [
      'a status that is none',
      { mappings: [stub({}, { status: 'ok' })] },
      '/mappings/0/response/status is the text "ok", not a number',
    ],
    [
      'a body file that is not there',
      stub({}, { bodyFileName: 'x.json' }),
      '/response/bodyFileName names "x.json", which cannot be read',
    ],
    [
      'a body file outside',
      stub({}, { bodyFileName: '../../etc/passwd' }),
      '/response/bodyFileName names "../../etc/passwd", which is outside',
    ],
    [
      'two bodies',
      stub({}, { body: 'a', jsonBody: {} }),
      '/response/jsonBody is there beside body',
    ],
    [
      'a fault that is none',
      stub({}, { fault: 'EXPLODE' }),
      '/response/fault is no fault. Write one of EMPTY_RESPONSE',
    ],
    [
      'a header of two lines',
      stub({}, { headers: { a: 'b\r\nc: d' } }),
      '/response/headers/a cannot be sent',
    ],
    [
      'a pattern without operator',
      stub({ headers: { a: {} } }),
      '/request/headers/a has no operator',
    ],
    [
      'no response',
      { mappings: [{ request: {} }] },
      '/mappings/0/response is missing, not an object',
    ],
  ])('%s', async (_, content, sentence) => {
    const file = await fileWith(content);
    await expect(mockOf(file)).rejects.toThrow(sentence);
    await expect(mockOf(file)).rejects.toThrow(file);
  });

  test('a folder without mappings', async () => {
    await expect(mockOf(await folderWith({ 'a.txt': 'x' }))).rejects.toThrow('has no mapping');
  });
});
