import type { CommandSpec } from '../command.ts';
import { optional, withDefault, yesNo } from '../flag.ts';
import { anyText, DURATION } from '../value-kinds.ts';

export interface DashboardFlags {
  readonly recording: string | undefined;
  readonly since: number;
  readonly once: boolean;
}

export const DASHBOARD: CommandSpec<DashboardFlags> = {
  name: 'dashboard',
  summary: 'watch live call health: rate, errors, latency',
  details: ['Without a terminal it prints one snapshot and ends.'],
  arguments: [],
  flags: {
    recording: optional(anyText('NAME'), 'only this recording'),
    since: withDefault(DURATION, '15m', 'how far back to look'),
    once: yesNo('print one snapshot and end'),
  },
  examples: [
    { line: 'calltape dashboard', does: 'full screen, until q' },
    { line: 'calltape dashboard --since 1h --once', does: 'one snapshot of the last hour' },
    { line: 'calltape dashboard --json', does: 'the same figures for a program' },
  ],
};
