import { knownAt, numberField, textField } from './filter-test.ts';
import type { Field, Place, Test } from './filter-test.ts';
import { readNumber } from './filter-values.ts';

const REQUEST = 'x.request_headers';
const RESPONSE = 'x.response_headers';

/** The name and the value of item `n` of a head's cell; NULL where it is no line, see head-cell.ts. */
const NAME = `CASE n.type WHEN 'text' THEN iif(n.key % 2 = 0, n.value, NULL)
  WHEN 'array' THEN n.value ->> 0 END`;
const VALUE = (headers: string): string => `CASE n.type
  WHEN 'text' THEN json_extract(${headers}, '$[' || (n.key + 1) || ']') ELSE n.value ->> 1 END`;

/** Puts a condition to the name and the value of a header line. */
type LineTest = (name: string, value: string) => string;

/** A line that is written out in a head's cell. */
function ownLine(headers: string, condition: LineTest): string {
  return `EXISTS (SELECT 1 FROM json_each(${headers}) AS n
    WHERE n.type <> 'integer' AND ${condition(`(${NAME})`, `(${VALUE(headers)})`)})`;
}

/** A line that a head's cell refers to; which ones will do is found out once, not for each call. */
function sharedLine(headers: string, condition: LineTest): string {
  return `EXISTS (SELECT 1 FROM json_each(${headers}) AS n WHERE n.type = 'integer'
    AND n.value IN (SELECT id FROM header_line AS l WHERE ${condition('l.name', 'l.value')}))`;
}

/** What a field makes of a test such as `> ?` and the SQL of a value. */
type ValueTest = (value: string, test: string) => string;

/**
 * A line of that name. The name is looked for as plain text first, as parsing the headers of every
 * call is slow; a `_` in it, which stands for any character there, only lets more through.
 */
function linesNamed(headers: string, name: string, condition: ValueTest): Place[] {
  const line =
    (test: string): LineTest =>
    (own, value) =>
      `lower(${own}) = ? AND ${condition(value, test)}`;
  return [
    {
      sql: (test) => `(${headers} LIKE ? AND ${ownLine(headers, line(test))})`,
      params: [`%${name}%`, name],
    },
    { sql: (test) => sharedLine(headers, line(test)), params: [name] },
  ];
}

/** `header.NAME`, of the request (`req`), of the response (`res`), or of either. */
export function headerField(name: string, side: string | undefined): Field {
  const subject = `${sideName(side)}header ${name}`;
  const columns = columnsOf(side);
  const text = columns.flatMap((headers) =>
    linesNamed(headers, name, (value, test) => `${value} ${test}`),
  );
  const numbers = columns.flatMap((headers) =>
    linesNamed(
      headers,
      name,
      (value, test) => `${value} GLOB '[0-9]*' AND CAST(${value} AS REAL) ${test}`,
    ),
  );
  const asText = textField(subject, ...text);
  const asNumber = numberField(subject, { read: readNumber }, ...numbers);
  return heard(side, (question) => (/[<>]/.test(question.operator) ? asNumber : asText)(question));
}

/** `header.NAME` by itself: the header is there, whatever it says. */
export function headerPresent(name: string, side: string | undefined): Test {
  const places = columnsOf(side).flatMap((headers) => linesNamed(headers, name, () => '1'));
  return {
    sql: `((${places.map(({ sql }) => sql('')).join(' OR ')}) IS TRUE)`,
    params: places.flatMap(({ params }) => params),
    says: `there is a ${sideName(side)}header ${name}`,
    saysNot: `there is no ${sideName(side)}header ${name}`,
    ...(side === 'req' ? {} : { known: 'end' }),
  };
}

function wholeLine(test: string): LineTest {
  return (name, value) => `${name} || ': ' || ${value} ${test}`;
}

/** Text anywhere in a `Name: value` line. */
export function anyHeader(side?: string): Field {
  const places = columnsOf(side).flatMap((headers) => [
    { sql: (test: string) => ownLine(headers, wholeLine(test)), params: [] },
    { sql: (test: string) => sharedLine(headers, wholeLine(test)), params: [] },
  ]);
  return heard(side, textField(`a ${sideName(side)}header line`, ...places));
}

/** The media type of the answer, without its parameters. */
export const mediaTypeField: Field = heard(
  'res',
  textField(
    'the type of the answer',
    ...linesNamed(
      RESPONSE,
      'content-type',
      (value, test) => `trim(substr(${value}, 1, instr(${value} || ';', ';') - 1)) ${test}`,
    ),
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
