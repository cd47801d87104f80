import { FilterError } from './filter-error.ts';
import { FilterParser } from './filter-parse.ts';
import type { Expression } from './filter-parse.ts';
import type { Test } from './filter-test.ts';

/**
 * A condition on calls. `sql` is an expression over `exchange AS x JOIN recording AS r JOIN endpoint
 * AS e`, with a `?` for each of `params`, in their order; it is never NULL.
 */
export interface Filter {
  /** What the user wrote. */
  readonly text: string;
  readonly sql: string;
  readonly params: readonly (string | number)[];
}

/**
 * Reads the filter language that every command shares: `host:stripe and (status:5xx or ms>300)
 * -path:/health`. Every value is bound, none becomes SQL.
 *
 * @param now - What `since:5m` and `since:14:30` count from, milliseconds since the Unix epoch. A
 * filter keeps the time it was read at; read it again to move on.
 * @throws TapeError FILTER_INVALID, a `FilterError` with the position in the text.
 */
export function parseFilter(text: string, now: number = Date.now()): Filter {
  const expression = new FilterParser(text, now).parse();
  if (expression === null) return { text, sql: '1', params: [] };
  return { text, sql: toSql(expression), params: paramsOf(expression) };
}

/** The conditions of a filter for calls that have no row on the tape yet. */
export interface UnkeptFilter extends Filter {
  /** The same, true only where it will be true however the call ends. */
  readonly surely: SqlCondition;
  /** The same, true also where it may become true by the end of the call. */
  readonly maybe: SqlCondition;
}

interface SqlCondition {
  readonly sql: string;
  readonly params: readonly (string | number)[];
}

/**
 * Reads a filter that is to decide whether a call is kept.
 *
 * @throws TapeError FILTER_INVALID, also for `id` and bodies, which are for calls on a tape.
 */
export function parseUnkeptFilter(text: string): UnkeptFilter {
  const now = Date.now();
  const expression = new FilterParser(text, now).parse() ?? EVERYTHING;
  checkNeedsNoRow(text, expression);
  const [surely, maybe] = [settled(expression, false), settled(expression, true)];
  return { text, ...asSql(expression), surely: asSql(surely), maybe: asSql(maybe) };
}

const NEEDS_ROW = 'ids and bodies can be asked of a tape, but not while it is recorded';

const always: Test = { sql: '1', params: [], says: 'any', saysNot: 'none' };
const never: Test = { sql: '0', params: [], says: 'none', saysNot: 'any' };
const EVERYTHING: Expression = { kind: 'test', test: always, at: 0 };

function asSql(expression: Expression): SqlCondition {
  return { sql: toSql(expression), params: paramsOf(expression) };
}

/** What cannot be known from the start of a call is taken for `guess`, below a `not` for its opposite. */
function settled(expression: Expression, guess: boolean): Expression {
  if (expression.kind === 'not') return { ...expression, part: settled(expression.part, !guess) };
  if (expression.kind !== 'test') {
    return { ...expression, parts: expression.parts.map((part) => settled(part, guess)) };
  }
  if (expression.test.known === undefined) return expression;
  return { ...expression, test: guess ? always : never };
}

function checkNeedsNoRow(text: string, expression: Expression): void {
  if (expression.kind === 'not') checkNeedsNoRow(text, expression.part);
  else if (expression.kind !== 'test') {
    for (const part of expression.parts) checkNeedsNoRow(text, part);
  } else if (expression.test.known === 'row') {
    throw new FilterError(text, expression.at, NEEDS_ROW);
  }
}

/** A filter as an English sentence. */
export function describeFilter(filter: Pick<Filter, 'text'>): string {
  const expression = new FilterParser(filter.text, Date.now()).parse();
  return expression === null ? 'All calls.' : `Calls where ${toWords(expression)}.`;
}

function toSql(expression: Expression): string {
  if (expression.kind === 'test') return expression.test.sql;
  if (expression.kind === 'not') return `NOT ${toSql(expression.part)}`;
  const parts = expression.parts.map((part) => toSql(part));
  return `(${parts.join(expression.kind === 'and' ? ' AND ' : ' OR ')})`;
}

function paramsOf(expression: Expression): (string | number)[] {
  if (expression.kind === 'test') return [...expression.test.params];
  if (expression.kind === 'not') return paramsOf(expression.part);
  return expression.parts.flatMap((part) => paramsOf(part));
}

function toWords(expression: Expression): string {
  if (expression.kind === 'test') return expression.test.says;
  if (expression.kind === 'not') {
    const { part } = expression;
    return part.kind === 'test' ? part.test.saysNot : `not ${nested(part)}`;
  }
  return expression.parts.map((part) => nested(part)).join(` ${expression.kind} `);
}

function nested(expression: Expression): string {
  const words = toWords(expression);
  return expression.kind === 'and' || expression.kind === 'or' ? `(${words})` : words;
}
