import { exactJsonText, parseExactJson } from '../exact-json.ts';
import { wholeMatch } from '../pattern/whole-match.ts';
import { WrongPattern } from '../pattern/syntax.ts';
import type { SourceNode } from '../source-node.ts';
import { jsonFits, unknownPlaceholder } from './json-fits.ts';
import { readJsonPath } from './json-path.ts';
import { NotUnderstood } from './not-understood.ts';

/** Something that a pattern is held against. */
export interface Given {
  readonly text: string;
  /** The same as JSON with exact numbers; undefined when it is none. */
  readonly json: unknown;
  readonly bytes: Uint8Array;
}

/** Tells whether a value fits; undefined stands for one that is not there. */
export type ValueTest = (given: Given | undefined) => boolean;

/** A text that stands alone. */
export function givenText(text: string): Given {
  return {
    text,
    get json() {
      return parseExactJson(text);
    },
    get bytes() {
      return Buffer.from(text);
    },
  };
}

function required(node: SourceNode): string {
  return node.anyText() ?? node.fail('is missing', 'Write a text');
}

/** @throws NotUnderstood when the expression has parts that are not read here. */
export function regexTest(node: SourceNode): (text: string) => boolean {
  try {
    return wholeMatch(required(node));
  } catch (error) {
    if (!(error instanceof WrongPattern)) throw error;
    throw new NotUnderstood(node, `is a regular expression that ${error.message}`);
  }
}

function ifPresent(test: (given: Given) => boolean): ValueTest {
  return (given) => given !== undefined && test(given);
}

function equalTo(node: SourceNode, options: SourceNode): ValueTest {
  const wanted = required(node);
  if (!options.get('caseInsensitive').boolean()) return ifPresent(({ text }) => text === wanted);
  return ifPresent(({ text }) => text.toLowerCase() === wanted.toLowerCase());
}

function equalToJson(node: SourceNode, options: SourceNode): ValueTest {
  const { value } = node;
  const expected = typeof value === 'string' ? parseExactJson(value) : value;
  if (expected === undefined) return node.fail('is a text that is no JSON');
  const placeholder = unknownPlaceholder(expected);
  if (placeholder !== undefined) throw new NotUnderstood(node, `has ${placeholder}`);
  const leeway = {
    anyOrder: options.get('ignoreArrayOrder').boolean(),
    extraElements: options.get('ignoreExtraElements').boolean(),
  };
  return ifPresent(({ json }) => json !== undefined && jsonFits(expected, json, leeway));
}

/** An empty list is no match, and null neither. */
function isThere(value: unknown): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0);
}

function found(value: unknown): Given {
  const text = typeof value === 'string' ? value : exactJsonText(value);
  return { text, json: value, bytes: Buffer.from(text) };
}

function matchesJsonPath(node: SourceNode): ValueTest {
  const isText = typeof node.value === 'string';
  const at = isText ? node : node.object().get('expression');
  const path = readJsonPath(required(at));
  if (path === undefined) throw new NotUnderstood(at, 'is no simple JSONPath');
  if (isText) return ifPresent(({ json }) => json !== undefined && path(json).some(isThere));
  const test = valueTest(node, new Set(['expression']));
  return ifPresent(({ json }) => {
    const values = json === undefined ? [] : path(json);
    return values.length === 0 ? test(undefined) : values.some((value) => test(found(value)));
  });
}

function list(node: SourceNode): ValueTest[] {
  return node.items().map((item) => valueTest(item));
}

type Operator = (node: SourceNode, options: SourceNode) => ValueTest;

/** To add one, add it here and to the table in docs/mock.md. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['equalTo', equalTo],
  [
    'equalToIgnoreCase',
    (node) => {
      const wanted = required(node).toLowerCase();
      return ifPresent(({ text }) => text.toLowerCase() === wanted);
    },
  ],
  [
    'binaryEqualTo',
    (node) => {
      const wanted = Buffer.from(required(node), 'base64');
      return ifPresent(({ bytes }) => wanted.equals(bytes));
    },
  ],
  [
    'contains',
    (node) => {
      const wanted = required(node);
      return ifPresent(({ text }) => text.includes(wanted));
    },
  ],
  [
    'doesNotContain',
    (node) => {
      const wanted = required(node);
      return ifPresent(({ text }) => !text.includes(wanted));
    },
  ],
  [
    'matches',
    (node) => {
      const fits = regexTest(node);
      return ifPresent(({ text }) => fits(text));
    },
  ],
  [
    'doesNotMatch',
    (node) => {
      const fits = regexTest(node);
      return ifPresent(({ text }) => !fits(text));
    },
  ],
  [
    'absent',
    (node) => (node.boolean() ? (given) => given === undefined : (given) => given !== undefined),
  ],
  ['equalToJson', equalToJson],
  ['matchesJsonPath', matchesJsonPath],
  [
    'and',
    (node) => {
      const tests = list(node);
      return (given) => tests.every((test) => test(given));
    },
  ],
  [
    'or',
    (node) => {
      const tests = list(node);
      return (given) => tests.some((test) => test(given));
    },
  ],
  [
    'not',
    (node) => {
      const test = valueTest(node);
      return (given) => !test(given);
    },
  ],
]);

const OPTIONS: ReadonlySet<string> = new Set([
  'caseInsensitive',
  'ignoreArrayOrder',
  'ignoreExtraElements',
]);

/**
 * The test that a pattern such as `{"contains": "a"}` stands for; all its operators have to hold.
 *
 * @throws NotUnderstood for an operator that is not known here.
 */
export function valueTest(pattern: SourceNode, others: ReadonlySet<string> = new Set()): ValueTest {
  const tests: ValueTest[] = [];
  for (const [name, node] of pattern.object().members()) {
    if (OPTIONS.has(name) || others.has(name)) continue;
    const operator = OPERATORS.get(name);
    if (operator === undefined) throw new NotUnderstood(node);
    tests.push(operator(node, pattern));
  }
  if (tests.length === 0) pattern.fail('has no operator', 'Write one, such as equalTo');
  return (given) => tests.every((test) => test(given));
}
