import type { CommandSpec } from '../command.ts';
import { optional, withDefault, yesNo } from '../flag.ts';
import { anyText, FILE, oneOf, type ValueKind } from '../value-kinds.ts';

export type FailOn = 'breaking' | 'warning' | 'any' | 'none';

export interface DriftFlags {
  readonly baseline: string | undefined;
  readonly live: string | undefined;
  readonly follow: boolean;
  readonly 'fail-on': FailOn;
  readonly alpha: number;
  readonly accepted: string;
  readonly config: string | undefined;
  readonly schema: boolean;
  readonly openapi: boolean;
}

const SIDE = anyText('CALLS');

const CHANCE: ValueKind<number> = {
  placeholder: 'P',
  expected: 'a chance above 0 and below 1 such as 0.01',
  parse: (text) => {
    const value = /^(?:0?\.\d{1,12}|[1-9]e-\d{1,2})$/i.test(text) ? Number(text) : 0;
    return value > 0 && value < 1 ? value : undefined;
  },
};

export const DRIFT: CommandSpec<DriftFlags> = {
  name: 'drift',
  summary: 'say what of an API changed between two sets of calls',
  details: [
    'CALLS is a tape, a HAR, the name of a recording on --tape, or a range of time on it: 15m and 2h.. are the ' +
      'last ones, ..7d is all before, 2026-11-01..2026-11-10 has both days (UTC). ' +
      '--baseline can also be an OpenAPI description: each request and answer is held against it.',
    'accept makes what is on the tape, or --live, the baseline that is kept in calltape.baseline.json; without ' +
      '--baseline, what came since is compared with it.',
    'ignore RULE keeps in calltape.config.json that a change is not to be told; heed RULE takes it back. A rule is ' +
      'a method and a template, then a place and a kind if wanted.',
    'show TEXT prints what was learned of the endpoints that have the text in their method or place, and mutations ' +
      'TEXT the changes that their clients have never seen.',
    'Exit code 1 says that something was found which is as bad as --fail-on, or worse.',
  ],
  arguments: [{ name: 'accept|ignore|heed|show|mutations', required: false, many: true }],
  flags: {
    baseline: optional(SIDE, 'the calls of before (default: what was accepted)'),
    live: optional(SIDE, 'the calls of now (default: what is on the tape, or came since)'),
    follow: yesNo('go on with what comes onto the tape, tell each finding once, keep it there'),
    'fail-on': withDefault(
      oneOf('breaking', 'warning', 'any', 'none'),
      'breaking',
      'the least that makes the exit code 1',
    ),
    alpha: withDefault(CHANCE, '0.01', 'the chance at which a difference is said aloud'),
    accepted: withDefault(FILE, 'calltape.baseline.json', 'the file of the accepted baseline'),
    config: optional(FILE, 'the configuration (default calltape.config.json)'),
    schema: yesNo('show: as JSON Schema 2020-12'),
    openapi: yesNo('show: as OpenAPI 3.1'),
  },
  examples: [
    {
      line: 'calltape drift --baseline before.tape --live after.tape',
      does: 'compare two tapes',
    },
    {
      line: 'calltape drift --baseline monday --live tuesday --fail-on any',
      does: 'compare two recordings on calls.tape; exit code 1 for any change',
    },
    {
      line: 'calltape drift --baseline ..1h --live 1h --json',
      does: 'what changed within the last hour, as JSON',
    },
    { line: 'calltape drift accept', does: 'what is on the tape is as it should be' },
    { line: 'calltape drift', does: 'what changed since' },
    {
      line: 'calltape drift --follow',
      does: 'tell of changes while calls are recorded, until Ctrl-C',
    },
    {
      line: "calltape drift ignore 'GET /v1/things/{thing} /price type-changed'",
      does: 'do not tell of this',
    },
    { line: 'calltape drift show /v1/customers', does: 'the fields that were seen, with counts' },
  ],
};
