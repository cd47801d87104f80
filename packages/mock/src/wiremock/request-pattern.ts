import type { AskedCall } from '../asked-call.ts';
import { METHOD_DISTANCE, PATH_DISTANCE } from '../described.ts';
import { pathPatternOf } from '../path-pattern.ts';
import type { SourceNode } from '../source-node.ts';
import { NotUnderstood } from './not-understood.ts';
import { givenText, regexTest, valueTest } from './value-pattern.ts';
import type { ValueTest } from './value-pattern.ts';

/** One thing that a mapping asks of requests. */
export interface Check {
  /** What it is about, for the reader: `header accept`. */
  readonly about: string;
  /** The larger, the likelier is a call that fails it another one. */
  readonly distance: number;
  readonly holds: (asked: AskedCall) => boolean;
}

/** What a mapping asks of requests. */
export interface RequestPattern {
  readonly method: string;
  readonly url: string;
  readonly checks: readonly Check[];
}

type Reader = (node: SourceNode, request: SourceNode) => readonly Check[];

function required(node: SourceNode): string {
  return node.text() ?? node.fail('is missing', 'Write a text');
}

function method(node: SourceNode): Check[] {
  const wanted = required(node).toUpperCase();
  if (wanted === 'ANY') return [];
  const holds = ({ call }: AskedCall): boolean => call.method === wanted;
  return [{ about: 'method', distance: METHOD_DISTANCE, holds }];
}

function urlCheck(about: string, holds: Check['holds']): Check[] {
  return [{ about, distance: PATH_DISTANCE, holds }];
}

function template(node: SourceNode, request: SourceNode): Check[] {
  const pattern = pathPatternOf(required(node));
  const tests = request
    .get('pathParameters')
    .members()
    .map(([name, one]) => ({ name, test: valueTest(one) }));
  return urlCheck('urlPathTemplate', ({ path }) => {
    const values = pattern.match(path);
    return values !== undefined && tests.every(({ name, test }) => test(textOf(values.get(name))));
  });
}

function textOf(text: string | undefined): ReturnType<typeof givenText> | undefined {
  return text === undefined ? undefined : givenText(text);
}

/** Of several values of one name, one has to fit. */
function anyFits(test: ValueTest, values: readonly string[]): boolean {
  if (values.length === 0) return test(undefined);
  return values.some((value) => test(givenText(value)));
}

function named(
  about: string,
  valuesOf: (asked: AskedCall, name: string) => readonly string[],
): Reader {
  return (node) =>
    node.members().map(([name, pattern]) => {
      const test = valueTest(pattern);
      return {
        about: `${about} ${name}`,
        distance: 1,
        holds: (asked: AskedCall) => anyFits(test, valuesOf(asked, name)),
      };
    });
}

function basicAuth(node: SourceNode): Check[] {
  const user = required(node.object().get('username'));
  const pair = `${user}:${required(node.get('password'))}`;
  const wanted = `basic ${Buffer.from(pair).toString('base64')}`.toLowerCase();
  const holds = (asked: AskedCall): boolean =>
    asked.headers('authorization').some((value) => value.toLowerCase() === wanted);
  return [{ about: 'basic authorization', distance: 1, holds }];
}

function bodyPatterns(node: SourceNode): Check[] {
  return node.items().map((pattern, at) => {
    const test = valueTest(pattern);
    return {
      about: `body pattern ${at}`,
      distance: 1,
      holds: (asked: AskedCall) => test(asked.call.body.length === 0 ? undefined : asked),
    };
  });
}

/** The members of `request`. To add one, add it here and to the table in docs/mock.md. */
const MEMBERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['method', method],
  [
    'url',
    (node) => {
      const wanted = required(node);
      return urlCheck('url', ({ call }) => call.target === wanted);
    },
  ],
  [
    'urlPattern',
    (node) => {
      const fits = regexTest(node);
      return urlCheck('urlPattern', ({ call }) => fits(call.target));
    },
  ],
  [
    'urlPath',
    (node) => {
      const wanted = required(node);
      return urlCheck('urlPath', ({ path }) => path === wanted);
    },
  ],
  [
    'urlPathPattern',
    (node) => {
      const fits = regexTest(node);
      return urlCheck('urlPathPattern', ({ path }) => fits(path));
    },
  ],
  ['urlPathTemplate', template],
  ['pathParameters', () => []],
  [
    'host',
    (node) => {
      const test = valueTest(node);
      return [
        {
          about: 'host',
          distance: 1,
          holds: ({ host }) => test(givenText(host.replace(/:\d+$/, ''))),
        },
      ];
    },
  ],
  ['queryParameters', named('query parameter', ({ query }, name) => query.get(name) ?? [])],
  ['formParameters', named('form field', ({ form }, name) => form.get(name) ?? [])],
  ['headers', named('header', (asked, name) => asked.headers(name.toLowerCase()))],
  ['cookies', named('cookie', ({ cookies }, name) => cookies.get(name) ?? [])],
  ['basicAuth', basicAuth],
  ['basicAuthCredentials', basicAuth],
  ['bodyPatterns', bodyPatterns],
]);

const URL_MEMBERS = ['url', 'urlPath', 'urlPathTemplate', 'urlPattern', 'urlPathPattern'];

/**
 * Reads the `request` of a mapping.
 *
 * @throws NotUnderstood for a member or operator that is not known here.
 */
export function readRequest(request: SourceNode): RequestPattern {
  const checks: Check[] = [];
  for (const [name, node] of request.object().members()) {
    const read = MEMBERS.get(name);
    if (read === undefined) throw new NotUnderstood(node);
    if (!node.absent) checks.push(...read(node, request));
  }
  const url = URL_MEMBERS.map((name) => request.get(name).text()).find(Boolean) ?? 'any URL';
  const methodText = request.get('method').text() ?? 'ANY';
  return { method: methodText.toUpperCase(), url, checks };
}
