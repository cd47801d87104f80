import type { CommandSpec } from '../command.ts';
import { optional, withDefault } from '../flag.ts';
import { anyText, FILE, oneOf, type ValueKind } from '../value-kinds.ts';

export type FailOn = 'breaking' | 'warning' | 'any' | 'none';

export interface DriftFlags {
  readonly baseline: string | undefined;
  readonly live: string | undefined;
  readonly 'fail-on': FailOn;
  readonly alpha: number;
  readonly config: string | undefined;
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
      'last ones, ..7d is all before, 2026-11-01..2026-11-10 has both days (UTC).',
    'Exit code 1 says that something was found which is as bad as --fail-on, or worse.',
  ],
  arguments: [],
  flags: {
    baseline: optional(SIDE, 'the calls of before'),
    live: optional(SIDE, 'the calls of now'),
    'fail-on': withDefault(
      oneOf('breaking', 'warning', 'any', 'none'),
      'breaking',
      'the least that makes the exit code 1',
    ),
    alpha: withDefault(CHANCE, '0.01', 'the chance at which a difference is said aloud'),
    config: optional(FILE, 'the configuration (default calltape.config.json)'),
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
  ],
};
