import type { CommandSpec } from '../command.ts';
import { optional, yesNo } from '../flag.ts';
import { anyText, DURATION } from '../value-kinds.ts';

export interface DashboardFlags {
  readonly recording: string | undefined;
  readonly since: number | undefined;
  readonly once: boolean;
}

export const DASHBOARD: CommandSpec<DashboardFlags> = {
  name: 'dashboard',
  summary: 'watch live call health: rate, errors, latency',
  details: [
    'Without a terminal it prints one snapshot and ends.',
    'On the tape that a mock with --served and --control-port writes, 5 shows its fault rules and switches them.',
  ],
  arguments: [],
  flags: {
    recording: optional(anyText('NAME'), 'only this recording'),
    since: optional(
      DURATION,
      'how far back to look (default 5m, or all of a tape nobody is recording on)',
    ),
    once: yesNo('print one snapshot and end'),
  },
  examples: [
    { line: 'calltape dashboard', does: 'full screen, until q' },
    { line: 'calltape dashboard --since 15m --once', does: 'one snapshot of the last quarter' },
    { line: 'calltape dashboard --json', does: 'the same figures for a program' },
  ],
};
