import {
  endpointsOfTape,
  openTape,
  openWriter,
  parseEndpointRule,
  repairEndpoints,
} from '@calltape/store';
import { describe, expect, test } from 'vitest';
import { answerProfile } from '../src/endpoint/answer-profile.ts';
import { inferEndpoints } from '../src/endpoint/infer-endpoints.ts';
import { Observations } from '../src/endpoint/observations.ts';
import { operationOf } from '../src/endpoint/operation.ts';
import { finished, ownTape } from './own-tape.ts';

const ORIGIN = 'https://api.example.com';
const USER = { login: 'x', email: 'x', avatar: 'x', bio: 'x' };
const REPO = { full_name: 'x', private: true, owner: { login: 'x' }, forks: 1 };
const ISSUE = { number: 1, title: 'x', state: 'open', body: 'x' };
const ORDER = { total: 1, lines: [{ sku: 'x' }], status: 'x', currency: 'x' };
const PAGE = { data: [{ name: 'x', tier: 'x', owner: 'x' }], more: false, cursor: 'x' };

type Call = readonly [request: string, answer?: unknown, status?: number];

/** The templates that calls get, in their order. */
function templatesOf(calls: readonly Call[], rules: readonly string[] = []): string[] {
  const observations = new Observations(rules.map((rule) => parseEndpointRule(rule)));
  const asked = calls.map(([request, answer, status = 200]) => {
    const [method = '', path = ''] = request.split(' ');
    const sighting = observations.add({ method, url: ORIGIN + path, status });
    const profile = answerProfile(answer);
    if (profile !== null && sighting.wantsAnswer) sighting.answered(profile);
    return { method, url: ORIGIN + path };
  });
  const map = inferEndpoints(observations);
  return asked.map((call) => map.endpointOf(call).template);
}

describe('siblings', () => {
  test('whose answers are alike are values; places and refused ones are told apart', () => {
    const calls: Call[] = [
      ['GET /users/alice', USER],
      ['GET /users/bob', USER],
      ['GET /users/octo-cat', USER],
      ['GET /users/me', USER],
      ['GET /users/nobody', { message: 'x' }, 404],
      ['GET /users', [USER]],
    ];
    const expected = [
      ...Array<string>(3).fill('/users/{user}'),
      '/users/me',
      '/users/{user}',
      '/users',
    ];
    expect(templatesOf(calls)).toEqual(expected);
    expect(templatesOf(calls.toReversed())).toEqual(expected.toReversed());
  });

  test('may be values of two names in a row', () => {
    const calls = ['ada/engine', 'ada/notebook', 'carl/table', 'emmy/ring'].flatMap(
      (repo): Call[] => [
        [`GET /repos/${repo}`, REPO],
        [`GET /repos/${repo}/issues`, [ISSUE]],
      ],
    );
    expect(new Set(templatesOf(calls))).toEqual(
      new Set(['/repos/{repo}/{repo2}', '/repos/{repo}/{repo2}/issues']),
    );
  });

  test.each<[string, Call[]]>([
    [
      'resources',
      ['teams', 'services', 'schedules', 'users'].map((name): Call => [`GET /${name}`, PAGE]),
    ],
    [
      'actions below an id',
      ['cancel', 'ship', 'refund'].map((name): Call => [`POST /orders/{order}/${name}`, ORDER]),
    ],
    [
      'methods called by name',
      ['chat.postMessage', 'chat.update', 'users.info', 'files.list'].map((name): Call => [
        `POST /api/${name}`,
        { ok: true, channel: 'x', ts: 'x', message: 'x' },
      ]),
    ],
    [
      'probes',
      ['health', 'ready', 'live'].map((name): Call => [
        `GET /${name}`,
        { status: 'x', version: 'x', uptime: 1 },
      ]),
    ],
    [
      'reports',
      ['teams', 'services', 'escalation_policies'].map((name): Call => [
        `POST /analytics/incidents/${name}`,
        PAGE,
      ]),
    ],
  ])('that answer alike stay apart when they are %s', (_what, calls) => {
    const paths = calls.map(([request]) => request.replace(/^\w+ /, ''));
    const asked = calls.map(([request, answer]): Call => [
      request.replace('{order}', '17'),
      answer,
    ]);
    expect(templatesOf(asked)).toEqual(paths);
  });
});

test.each([
  ['/v1/customers/cus_1', '/v1/customers/{customer}'],
  ['/orders/ord_12/events/evt_a1', '/orders/{order}/events/{event}'],
  [
    '/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef.json',
    '/2010-04-01/Accounts/{Account}.json',
  ],
  ['/repos/x/compare/main...next', '/repos/x/compare/{compare}'],
  ['/items/1,2,3', '/items/{item}'],
  ['/packages/lodash@4.17.21', '/packages/{package}'],
  ['/v1/operations/42:cancel', '/v1/operations/{operation}:cancel'],
  ['/odata/Products(5)/Name', '/odata/Products({Product})/Name'],
  ['/rest/api/3/issue/ABC-12', '/rest/api/3/issue/{issue}'],
  ['/v1beta2/oauth2/ipv4', '/v1beta2/oauth2/ipv4'],
])('%s by itself is an instance of %s', (path, template) => {
  expect(templatesOf([[`GET ${path}`]])).toEqual([template]);
});

test('what users set comes first, the most literal of it before the rest', () => {
  const rules = ['GET /things/{thing}', '/things/special', '* /files/{path...}'];
  const paths = ['GET /things/a', 'GET /things/special', 'POST /things/a', 'PUT /files/a/b'];
  expect(
    templatesOf(
      paths.map((one): Call => [one]),
      rules,
    ),
  ).toEqual(['/things/{thing}', '/things/special', '/things/a', '/files/{path...}']);
  expect(() => parseEndpointRule('GET things')).toThrow(/is no template/);
});

test.each([
  [{ query: 'query GetUser($id: ID!) { user(id: $id) { name } }' }, 'GetUser'],
  [
    { query: '{ viewer { login } repo: repository(name: "a{b") { id } }' },
    'query:repository+viewer',
  ],
  [{ operationName: 'B', query: 'query A { a } query B { b }' }, 'B'],
  [
    { extensions: { persistedQuery: { sha256Hash: 'abcdef0123456789' } } },
    'persisted:abcdef012345',
  ],
  [{ jsonrpc: '2.0', id: 1, method: 'tools/call', params: {} }, 'tools/call'],
  [
    [
      { jsonrpc: '2.0', method: 'b' },
      { jsonrpc: '2.0', method: 'a' },
    ],
    'a+b',
  ],
  [{ query: { match_all: {} } }, null],
  [{ query: 'select 1' }, null],
])('the operation of %j is %s', (body, operation) => {
  const url = `${ORIGIN}/graphql`;
  expect(operationOf({ method: 'POST', url, body: JSON.stringify(body) })).toBe(operation);
});

test('the calls on a tape get the endpoints that were learned, beside a recorder', async () => {
  const file = ownTape();
  const writer = await openWriter(file, { name: 'one', source: 'proxy' }, { redact: false });
  for (const name of ['alice', 'bob', 'carol']) {
    writer.finish(finished(`/users/${name}`, JSON.stringify(USER)));
  }
  await writer.flush();
  const tape = openTape(file);
  const learned = endpointsOfTape(tape);
  expect(learned.endpoints).toMatchObject([
    {
      template: '/users/{user}',
      calls: 3,
      parameters: [{ name: 'user', foundBy: 'answers alike' }],
    },
  ]);
  expect(repairEndpoints(file, learned)).toBe(3);
  expect(repairEndpoints(file, learned)).toBe(0);
  expect(tape.endpoints()).toMatchObject([{ template: '/users/{user}', calls: 3 }]);
  writer.finish(finished('/users/alice', '{}'));
  await writer.close();
  expect(tape.count()).toBe(4);
  tape.close();
});
