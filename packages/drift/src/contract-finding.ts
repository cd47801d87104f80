import { pointer } from './clue.ts';
import type { DriftKind } from './drift.ts';
import type { SchemaProblem } from './validate.ts';

/** Where a message is not as it is described. */
export interface ContractFinding {
  /** As that of a drift. */
  readonly location: string;
  readonly kind: DriftKind;
  readonly was: string;
  readonly is: string;
}

const ALTERNATIVES: ReadonlySet<string> = new Set(['anyOf', 'oneOf']);
const MOST_TEXT = 80;

/** A problem as a drift has it; undefined for one that another one tells of. */
export function problemFinding(
  problem: SchemaProblem,
  all: readonly SchemaProblem[],
  body: unknown,
): ContractFinding | undefined {
  if (isTold(problem, all)) return undefined;
  const { keyword, property, wanted, value } = problem;
  const at = starred(problem.at, body);
  if (keyword === 'required') {
    return {
      location: pointer(at, property),
      kind: 'became-optional',
      was: 'required',
      is: 'absent',
    };
  }
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return undefined;
  const is = value === null ? 'null' : typeOf(value);
  if (value === null) return { location: at, kind: 'nullable-added', was: textOf(wanted), is };
  switch (keyword) {
    case 'type': {
      return { location: at, kind: 'type-changed', was: textOf(wanted), is };
    }
    case 'enum':
    case 'const': {
      return { location: at, kind: 'enum-value-added', was: textOf(wanted), is: textOf(value) };
    }
    case 'anyOf':
    case 'oneOf': {
      return { location: at, kind: 'variant-added', was: `${keyword} of its schemas`, is };
    }
    default: {
      const was = `${keyword} ${textOf(wanted)}`;
      return { location: at, kind: 'format-changed', was, is: textOf(value) };
    }
  }
}

/**
 * Of a choice between several schemas the errors of each branch are noise; of one between a schema and
 * null they are all there is to say.
 */
function isTold(problem: SchemaProblem, all: readonly SchemaProblem[]): boolean {
  const choices = all.filter(({ keyword }) => ALTERNATIVES.has(keyword));
  if (choices.includes(problem)) {
    if (isReal(problem))
      return choices.some(
        (one) =>
          one !== problem && isReal(one) && isIn(problem.at, one.at) && one.at !== problem.at,
      );
    return all.some((one) => one !== problem && isIn(one.at, problem.at) && !isNullType(one));
  }
  return choices.some((choice) =>
    isReal(choice) ? isIn(problem.at, choice.at) : problem.at === choice.at && isNullType(problem),
  );
}

/** Has it more branches than one beside null? */
function isReal({ wanted }: SchemaProblem): boolean {
  const branches: readonly unknown[] = Array.isArray(wanted) ? wanted : [];
  return branches.filter((branch) => JSON.stringify(branch) !== '{"type":"null"}').length > 1;
}

function isNullType({ keyword, wanted }: SchemaProblem): boolean {
  return keyword === 'type' && wanted === 'null';
}

function isIn(at: string, parent: string): boolean {
  return at === parent || at.startsWith(`${parent}/`);
}

/** A pointer with `*` in the place of the numbers of items. */
function starred(at: string, body: unknown): string {
  let node = body;
  return at
    .split('/')
    .slice(1)
    .reduce((path, step) => {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const isItem = Array.isArray(node);
      node = Array.isArray(node)
        ? node[Number(key)]
        : Object.entries(node ?? {}).find(([name]) => name === key)?.[1];
      return `${path}/${isItem ? '*' : step}`;
    }, '');
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function textOf(value: unknown): string {
  const text =
    Array.isArray(value) && value.every((one) => typeof one === 'string')
      ? value.join(' or ')
      : typeof value === 'string'
        ? value
        : (JSON.stringify(value) ?? '');
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}...` : text;
}
