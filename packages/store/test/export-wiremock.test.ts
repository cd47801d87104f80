import { type Exchange, toWireMock } from '@calltape/store';
import { describe, expect, test } from 'vitest';
import { anExchange, bodyOf } from './an-exchange.ts';

const ORIGIN = 'https://api.example.com';

function mappings(...exchanges: Exchange[]): unknown[] {
  return JSON.parse([...toWireMock(exchanges)].join('')).mappings;
}

test('a call becomes a mapping of its method, path and query', () => {
  const headers = [
    ['Content-Type', 'application/json'],
    ['Set-Cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['Content-Length', '7'],
    ['Transfer-Encoding', 'chunked'],
  ] as const;
  const response = { status: 201, statusText: 'Made', headers, body: bodyOf('{"a":1}') };
  expect(mappings(anExchange(`${ORIGIN}/a?b=%20c`, { response }))).toEqual([
    {
      request: { method: 'GET', url: '/a?b=%20c' },
      response: {
        status: 201,
        statusMessage: 'Made',
        headers: { 'Content-Type': 'application/json', 'Set-Cookie': ['a=1', 'b=2'] },
        body: '{"a":1}',
      },
    },
  ]);
});

test.each([
  ['JSON', '{"id":12345678901234567890}', { equalToJson: '{"id":12345678901234567890}' }],
  ['text', 'a=1&b', { equalTo: 'a=1&b' }],
  ['bytes', Buffer.from([0, 255]), { binaryEqualTo: 'AP8=' }],
])('a request with %s is told by it', (_, content, pattern) => {
  const request = { method: 'POST', body: bodyOf(content) };
  expect(mappings(anExchange(`${ORIGIN}/a`, { request }))).toMatchObject([
    { request: { method: 'POST', bodyPatterns: [pattern] } },
  ]);
});

test('a request without content comes after those that are told by theirs', () => {
  const request = { method: 'POST' };
  expect(
    mappings(
      anExchange(`${ORIGIN}/a`, { request: { ...request, body: bodyOf('x') } }),
      anExchange(`${ORIGIN}/a`, { request }),
    ),
  ).toMatchObject([{ request: { bodyPatterns: [{ equalTo: 'x' }] } }, { priority: 6 }]);
});

test('a question mark that nothing follows is left out, as WireMock never sees it', () => {
  expect(mappings(anExchange(`${ORIGIN}/a?`))).toMatchObject([{ request: { url: '/a' } }]);
});

describe('an answer', () => {
  test.each([
    ['of bytes', [['Content-Type', 'image/png']], Buffer.from([0, 255]), { base64Body: 'AP8=' }],
    ['that is encoded', [['Content-Encoding', 'gzip']], 'x', { base64Body: 'eA==' }],
    [
      'in another charset',
      [['Content-Type', 'text/plain; charset=iso-8859-1']],
      'é',
      { base64Body: 'w6k=' },
    ],
  ] as const)('%s is Base64', (_, headers, content, response) => {
    const [mapping] = mappings(
      anExchange(`${ORIGIN}/a`, { response: { headers, body: bodyOf(content) } }),
    );
    expect(mapping).toMatchObject({ response });
  });

  test('that never came is a reset', () => {
    const [mapping] = mappings(anExchange(`${ORIGIN}/a`, { response: null }));
    expect(mapping).toMatchObject({ response: { fault: 'CONNECTION_RESET_BY_PEER' } });
  });
});

test('repeats are a scenario that stays at its last answer', () => {
  const answers = ['one', 'two', 'three'];
  const calls = answers.map((text) =>
    anExchange(`${ORIGIN}/a`, { response: { body: bodyOf(text) } }),
  );
  const scenarioName = 'repeats-1';
  expect(mappings(...calls, anExchange(`${ORIGIN}/b`))).toMatchObject([
    {
      scenarioName,
      requiredScenarioState: 'Started',
      newScenarioState: 'answered 1',
      response: { body: 'one' },
    },
    {
      scenarioName,
      requiredScenarioState: 'answered 1',
      newScenarioState: 'answered 2',
      response: { body: 'two' },
    },
    { scenarioName, requiredScenarioState: 'answered 2', response: { body: 'three' } },
    { request: { url: '/b' } },
  ]);
});

test('what WireMock cannot play is left out and told of', () => {
  const gaps: string[] = [];
  const calls = [
    anExchange(`${ORIGIN}/a`, { outcome: 'truncated' }),
    anExchange(`${ORIGIN}/b`, { response: { body: { bytes: Buffer.from('a'), size: 9 } } }),
    anExchange(`${ORIGIN}/c`, { response: { status: 101 } }),
  ];
  expect([...toWireMock(calls, (gap) => gaps.push(gap))].join('')).toBe('{"mappings": []}\n');
  expect(gaps).toEqual([
    'no whole answer',
    'an answer longer than the body limit',
    'an answer that starts another protocol',
  ]);
});
