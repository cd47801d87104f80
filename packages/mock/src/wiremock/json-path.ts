import { ExactNumber } from '../exact-json.ts';
import { isRecord } from '../source-node.ts';

/** Values of a JSON document that a path leads to. */
export type JsonPath = (document: unknown) => readonly unknown[];

type Move = (value: unknown) => readonly unknown[];

const STEP =
  /\.\.(\w[\w-]*|\*)|\.(\w[\w-]*|\*)|\[\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(-?\d+)|(\*))\s*\]|\[\?\(\s*@((?:\.\w[\w-]*)*)\s*(?:(==|!=|>=|<=|>|<)\s*('[^']*'|"[^"]*"|-?\d+(?:\.\d+)?|true|false|null))?\s*\)\]/y;

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

function member(name: string): Move {
  return (value) => (isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : []);
}

function item(index: number): Move {
  return (value) => {
    const found: unknown = Array.isArray(value) ? value.at(index) : undefined;
    return found === undefined ? [] : [found];
  };
}

function* descendants(value: unknown): Generator {
  yield value;
  for (const child of children(value)) yield* descendants(child);
}

function plain(value: unknown): unknown {
  return value instanceof ExactNumber ? Number(value.text) : value;
}

function compared(found: unknown, operator: string, wanted: unknown): boolean {
  const value = plain(found);
  if (operator === '==') return value === wanted;
  if (operator === '!=') return value !== wanted;
  if (typeof value !== typeof wanted) return false;
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  if (typeof wanted !== 'number' && typeof wanted !== 'string') return false;
  if (operator === '>') return value > wanted;
  if (operator === '<') return value < wanted;
  return operator === '>=' ? value >= wanted : value <= wanted;
}

function filter(path: string, operator: string | undefined, literal: string): Move {
  const moves = path
    .split('.')
    .filter((name) => name !== '')
    .map(member);
  const wanted: unknown =
    operator === undefined
      ? undefined
      : literal.startsWith("'")
        ? literal.slice(1, -1)
        : JSON.parse(literal);
  return (value) =>
    children(value).filter((child) => {
      const found = moves.reduce<readonly unknown[]>((all, move) => all.flatMap(move), [child]);
      if (operator === undefined) return found.length > 0;
      return found.length > 0 && compared(found[0], operator, wanted);
    });
}

function moveOf(step: RegExpExecArray): Move {
  const [, deep, name, single, double, index, star, path, operator, literal = ''] = step;
  if (deep !== undefined) {
    const move = deep === '*' ? children : member(deep);
    return (value) => [...descendants(value)].flatMap(move);
  }
  if (name === '*' || star !== undefined) return children;
  const quoted = single ?? double;
  if (quoted !== undefined) return member(quoted.replaceAll(/\\(.)/g, '$1'));
  if (name !== undefined) return member(name);
  return path === undefined ? item(Number(index)) : filter(path, operator, literal);
}

/**
 * Reads a simple JSONPath: `$.a['b'][0]`, `..name`, `*` and filters of one comparison such as
 * `[?(@.a.b == 'c')]`. Undefined when it is anything else.
 */
export function readJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined;
  const moves: Move[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const step = STEP.exec(text);
    if (step === null) return undefined;
    moves.push(moveOf(step));
  }
  return (document) =>
    moves.reduce<readonly unknown[]>((values, move) => values.flatMap(move), [document]);
}
