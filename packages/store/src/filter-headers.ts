import { knownAt, numberField, textField } from './filter-test.ts';
import type { Field, Place, Test } from './filter-test.ts';
import { readNumber } from './filter-values.ts';

const REQUEST = 'x.request_headers';
const RESPONSE = 'x.response_headers';

/** Header lines are a JSON array name, value, name, value, ...; `n` is the row of a name. */
function line(headers: string, condition: string): string {
  return `EXISTS (SELECT 1 FROM json_each(${headers}) AS n WHERE n.key % 2 = 0 AND ${condition})`;
}

/**
 * A line of that name. The name is looked for as plain text first, as parsing the headers of every
 * call is slow; a `_` in it, which stands for any character there, only lets more through.
 */
function named(headers: string, name: string, condition = ''): Pick<Test, 'sql' | 'params'> {
  return {
    sql: `${headers} LIKE ? AND ${line(headers, `lower(n.value) = ?${condition}`)}`,
    params: [`%${name}%`, name],
  };
}

function valueIn(headers: string): string {
  return `json_extract(${headers}, '$[' || (n.key + 1) || ']')`;
}

function lineNamed(headers: string, name: string, condition: (test: string) => string): Place {
  return {
    sql: (test) => named(headers, name, ` AND ${condition(test)}`).sql,
    params: named(headers, name).params,
  };
}

/** `header.NAME`, of the request (`req`), of the response (`res`), or of either. */
export function headerField(name: string, side: string | undefined): Field {
  const subject = `${sideName(side)}header ${name}`;
  const columns = columnsOf(side);
  const text = columns.map((headers) =>
    lineNamed(headers, name, (test) => `${valueIn(headers)} ${test}`),
  );
  const numbers = columns.map((headers) =>
    lineNamed(headers, name, (test) => {
      const value = valueIn(headers);
      return `${value} GLOB '[0-9]*' AND CAST(${value} AS REAL) ${test}`;
    }),
  );
  const asText = textField(subject, ...text);
  const asNumber = numberField(subject, { read: readNumber }, ...numbers);
  return heard(side, (question) => (/[<>]/.test(question.operator) ? asNumber : asText)(question));
}

/** `header.NAME` by itself: the header is there, whatever it says. */
export function headerPresent(name: string, side: string | undefined): Test {
  const places = columnsOf(side).map((headers) => named(headers, name));
  return {
    sql: `((${places.map(({ sql }) => sql).join(' OR ')}) IS TRUE)`,
    params: places.flatMap(({ params }) => params),
    says: `there is a ${sideName(side)}header ${name}`,
    saysNot: `there is no ${sideName(side)}header ${name}`,
    ...(side === 'req' ? {} : { known: 'end' }),
  };
}

/** Text anywhere in a `Name: value` line. */
export function anyHeader(side?: string): Field {
  const places = columnsOf(side).map((headers) => ({
    sql: (test: string) => line(headers, `n.value || ': ' || ${valueIn(headers)} ${test}`),
    params: [],
  }));
  return heard(side, textField(`a ${sideName(side)}header line`, ...places));
}

/** The media type of the answer, without its parameters. */
export const mediaTypeField: Field = heard(
  'res',
  textField(
    'the type of the answer',
    lineNamed(RESPONSE, 'content-type', (test) => {
      const value = valueIn(RESPONSE);
      return `trim(substr(${value}, 1, instr(${value} || ';', ';') - 1)) ${test}`;
    }),
  ),
);

/** A call has the headers of its request from its start, those of its response later. */
function heard(side: string | undefined, field: Field): Field {
  return side === 'req' ? field : knownAt('end', field);
}

function columnsOf(side: string | undefined): readonly string[] {
  if (side === 'req') return [REQUEST];
  return side === 'res' ? [RESPONSE] : [REQUEST, RESPONSE];
}

function sideName(side: string | undefined): string {
  if (side === undefined) return '';
  return side === 'req' ? 'request ' : 'response ';
}
