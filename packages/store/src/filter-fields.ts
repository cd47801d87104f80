import { bodyField } from './filter-body.ts';
import { anyHeader, headerField, headerPresent, mediaTypeField } from './filter-headers.ts';
import { column, equality, knownAt, numberField, textField, wordField } from './filter-test.ts';
import type { Field, NumberOptions, Test } from './filter-test.ts';
import { readBytes, readDuration, readStatus, readTime, readWhole } from './filter-values.ts';

/** `api.example.com/v1/things?page=2` */
const SCHEMELESS = "substr(x.url, instr(x.url, '://') + 3)";
const TARGET = `substr(${SCHEMELESS}, instr(${SCHEMELESS} || '/', '/'))`;
const PATH = `substr(${TARGET}, 1, instr(${TARGET} || '?', '?') - 1)`;
const HOST = "substr(e.origin, instr(e.origin, '://') + 3)";

const TIME: NumberOptions = { read: readDuration, slack: 0.5, unit: ' ms' };
const SIZE: NumberOptions = { read: readBytes, unit: ' bytes' };

const atEnd = (field: Field): Field => knownAt('end', field);

const method: Field = ({ operator, value }) => {
  const name = value.toUpperCase();
  const is = {
    sql: '(upper(e.method) = ?)',
    params: [name],
    says: `the method is ${name}`,
    saysNot: `the method is not ${name}`,
  };
  return equality(operator, is, 'the method');
};

const since: Field = ({ operator, value, now }) => {
  const when = /^[\d.]+[a-z]+$/i.test(value) ? `in the last ${value}` : `at ${value} or later`;
  const from = {
    sql: '(x.started_at >= ?)',
    params: [readTime(value, now)],
    says: `the call started ${when}`,
    saysNot: `the call did not start ${when}`,
  };
  return equality(operator, from, 'the start');
};

const until: Field = ({ operator, value, now }) => {
  const when = /^[\d.]+[a-z]+$/i.test(value) ? `${value} ago or earlier` : `at ${value} or earlier`;
  const to = {
    sql: '(x.started_at <= ?)',
    params: [readTime(value, now)],
    says: `the call started ${when}`,
    saysNot: `the call did not start ${when}`,
  };
  return equality(operator, to, 'the start');
};

const outcomeWord = wordField('the outcome', {
  complete: "x.outcome = 'complete'",
  aborted: "x.outcome = 'aborted'",
  truncated: "x.outcome = 'truncated'",
  error: "x.outcome = 'error'",
  interrupted: "x.outcome = 'interrupted'",
  pending: "x.outcome = 'pending'",
});

const outcome = atEnd(outcomeWord);

const kind = wordField('the kind', {
  live: "r.source <> 'mock'",
  mock: "r.source = 'mock'",
  proxy: "r.source = 'proxy'",
  har: "r.source = 'har'",
  nock: "r.source = 'nock'",
  openapi: "r.source = 'openapi'",
});

const endpoint = textField(
  'the endpoint',
  column("(e.method || ' ' || e.template)"),
  column("(e.method || ' ' || e.origin || e.template)"),
);

const host = textField('the host', column(HOST));
const url = textField('the URL', column('x.url'));
const status = atEnd(numberField('the status', { read: readStatus }, column('x.status')));
const recording = textField('the recording', column('r.name'));

/** To add a field, add it here; its columns are those of the aliases x, r and e. */
const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['host', host],
  ['path', textField('the path', column(PATH))],
  ['url', url],
  ['method', method],
  ['ep', endpoint],
  ['status', status],
  ['ms', atEnd(numberField('the duration', TIME, column('x.duration_ms')))],
  ['ttfb', atEnd(numberField('the time to the first byte', TIME, column('x.ttfb_ms')))],
  ['bytes', atEnd(numberField('the size of the answer', SIZE, column('x.response_bytes')))],
  ['req.bytes', atEnd(numberField('the size of the request', SIZE, column('x.request_bytes')))],
  ['type', mediaTypeField],
  ['outcome', outcome],
  ['error', atEnd(textField('the error', column('x.error_type'), column('x.error_message')))],
  ['fault', atEnd(textField('the fault', column('x.fault')))],
  ['recording', recording],
  ['tape', recording],
  ['kind', kind],
  ['since', since],
  ['until', until],
  ['body', bodyField(undefined)],
  ['req.body', bodyField('req')],
  ['res.body', bodyField('res')],
  ['id', knownAt('row', numberField('the id', { read: readWhole }, column('x.id')))],
]);

const pending: Test = {
  known: 'end',
  sql: "(x.outcome = 'pending')",
  params: [],
  says: 'the call is still under way',
  saysNot: 'the call is over',
};

const failed: Test = {
  known: 'end',
  sql: "(x.outcome IN ('error', 'truncated', 'interrupted', 'aborted'))",
  params: [],
  says: 'the call failed before a whole answer',
  saysNot: 'the call did not fail before a whole answer',
};

const faulted: Test = {
  known: 'end',
  sql: '(x.fault IS NOT NULL)',
  params: [],
  says: 'a fault altered the answer',
  saysNot: 'no fault altered the answer',
};

const unanswered: Test = {
  known: 'end',
  sql: '(x.status IS NULL)',
  params: [],
  says: 'there is no answer',
  saysNot: 'there is an answer',
};

const FLAGS: ReadonlyMap<string, Test> = new Map([
  ['pending', pending],
  ['inflight', pending],
  ['error', failed],
  ['fault', faulted],
]);

const HEADER = /^(?:(req|res)\.)?header\.(.+)$/;

/** The field of that name, in any letter case; undefined when there is none. */
export function fieldNamed(name: string): Field | undefined {
  const lower = name.toLowerCase();
  const [, side, header] = HEADER.exec(lower) ?? [];
  return header === undefined ? FIELDS.get(lower) : headerField(header, side);
}

/** What a word means that is a condition by itself, such as `pending`. */
export function flagNamed(name: string): Test | undefined {
  const lower = name.toLowerCase();
  const [, side, header] = HEADER.exec(lower) ?? [];
  return header === undefined ? FLAGS.get(lower) : headerPresent(header, side);
}

/** The names to choose from when one is not known. */
export const FIELD_NAMES: readonly string[] = [...FIELDS.keys(), 'header.NAME'];

/** What text without a field looks for: a part of `METHOD host/path?query`. */
export const anywhere: Field = textField('the call', column(`(e.method || ' ' || ${SCHEMELESS})`));

type Alias = { readonly field: Field } | { readonly flag: Test };

/** mitmproxy's names. Their arguments are plain text here, not regular expressions. */
const ALIASES: ReadonlyMap<string, Alias> = new Map<string, Alias>([
  ['m', { field: method }],
  ['c', { field: status }],
  ['d', { field: host }],
  ['u', { field: url }],
  ['t', { field: mediaTypeField }],
  ['h', { field: anyHeader() }],
  ['hq', { field: anyHeader('req') }],
  ['hs', { field: anyHeader('res') }],
  ['b', { field: bodyField(undefined) }],
  ['bq', { field: bodyField('req') }],
  ['bs', { field: bodyField('res') }],
  ['e', { flag: failed }],
  ['q', { flag: unanswered }],
]);

export function aliasNamed(name: string): Alias | undefined {
  return ALIASES.get(name);
}

export const ALIAS_NAMES: readonly string[] = [...ALIASES.keys()].map((name) => `~${name}`);
