import { ValueError } from './filter-error.ts';
import type { Operator } from './filter-tokens.ts';
import { readRange } from './filter-values.ts';
import type { ReadValue } from './filter-values.ts';

export type Param = string | number;

/** One condition: as SQL that is true or false but never NULL, and as words. */
export interface Test {
  readonly sql: string;
  readonly params: readonly Param[];
  /** As in `calls where the host contains "stripe"`. */
  readonly says: string;
  readonly saysNot: string;
  /** When a call has what this looks at; absent when from its start. */
  readonly known?: Known;
}

/** Only when it is over, or only once it has a row on the tape. */
export type Known = 'end' | 'row';

/** What was asked of a field. */
export interface Question {
  readonly operator: Exclude<Operator, '~'>;
  readonly value: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** @throws ValueError when the value or the operator does not suit the field. */
export type Field = (question: Question) => Test;

/** The field, of something that a call does not have from its start. */
export function knownAt(known: Known, field: Field): Field {
  return (question) => ({ ...field(question), known });
}

/** Where a value is on the tape; `?` before the test's own are bound to `params`. */
export interface Place {
  /** SQL that puts a test, such as `> ?`, to the value. */
  readonly sql: (test: string) => string;
  readonly params: readonly Param[];
}

export function column(name: string): Place {
  return { sql: (test) => `${name} ${test}`, params: [] };
}

/** A field of text, looked for in each of `places`. */
export function textField(subject: string, ...places: readonly Place[]): Field {
  const like = (pattern: string): Pick<Test, 'sql' | 'params'> =>
    anywhereIn(places, String.raw`LIKE ? ESCAPE '\'`, [pattern]);
  return ({ operator, value }) => {
    const object = JSON.stringify(value);
    if (operator !== ':') {
      const words = { says: `${subject} is ${object}`, saysNot: `${subject} is not ${object}` };
      return equality(operator, { ...like(escaped(value)), ...words }, subject);
    }
    if (value === '') throw new ValueError('the text to look for is missing');
    return {
      ...like(`%${escaped(value)}%`),
      says: `${subject} contains ${object}`,
      saysNot: `${subject} does not contain ${object}`,
    };
  };
}

function anywhereIn(
  places: readonly Place[],
  test: string,
  values: readonly Param[],
): Pick<Test, 'sql' | 'params'> {
  return {
    sql: trueOrFalse(places.map((place) => place.sql(test)).join(' OR ')),
    params: places.flatMap((place) => [...place.params, ...values]),
  };
}

function escaped(value: string): string {
  return value.replace(/[\\%_]/g, String.raw`\$&`);
}

/** `= value` or `!= value`; other operators do not suit. */
export function equality(operator: Question['operator'], is: Test, subject: string): Test {
  if (operator === '=' || operator === ':') return is;
  if (operator === '!=') return opposite(is);
  throw new ValueError(`${subject} is no number; use ":", "=" or "!="`);
}

function opposite(test: Test): Test {
  const { sql, says, saysNot } = test;
  return { ...test, sql: `NOT ${sql}`, says: saysNot, saysNot: says };
}

/** A comparison with NULL is neither true nor false, and so is its opposite; here it is false. */
function trueOrFalse(sql: string): string {
  return `((${sql}) IS TRUE)`;
}

export interface NumberOptions {
  readonly read: ReadValue;
  /** How far a number may be off and still count as equal: half the last digit shown. */
  readonly slack?: number;
  /** Written behind numbers that have no unit. */
  readonly unit?: string;
}

const COMPARED: Readonly<Record<'>' | '>=' | '<' | '<=', string>> = {
  '>': 'over',
  '>=': 'at least',
  '<': 'under',
  '<=': 'at most',
};

/** A field of numbers, compared in each of `places`. */
export function numberField(
  subject: string,
  options: NumberOptions,
  ...places: readonly Place[]
): Field {
  const { read, slack = 0, unit = '' } = options;
  const test = (comparison: string, values: readonly number[], object: string): Test => ({
    ...anywhereIn(places, comparison, values),
    says: `${subject} is ${object}`,
    saysNot: `${subject} is not ${object}`,
  });
  return ({ operator, value }) => {
    const shown = /\d$/.test(value) ? value + unit : value;
    if (operator === ':' || operator === '=' || operator === '!=') {
      const { low, high } = readRange(value, read);
      return equality(
        operator,
        test('BETWEEN ? AND ?', [low - slack, high + slack], shown),
        subject,
      );
    }
    const { low, high } = read(value);
    const bound = operator === '>' || operator === '<=' ? high : low;
    return test(`${operator} ?`, [bound], `${COMPARED[operator]} ${shown}`);
  };
}

/** A field that takes one of a few words, each with its SQL. */
export function wordField(subject: string, words: Readonly<Record<string, string>>): Field {
  return ({ operator, value }) => {
    const word = value.toLowerCase();
    const sql = Object.hasOwn(words, word) ? words[word] : undefined;
    if (sql === undefined) {
      throw new ValueError(`"${value}" is not known here. Use ${Object.keys(words).join(', ')}`);
    }
    const is = {
      sql: `(${sql})`,
      params: [],
      says: `${subject} is ${word}`,
      saysNot: `${subject} is not ${word}`,
    };
    return equality(operator, is, subject);
  };
}
