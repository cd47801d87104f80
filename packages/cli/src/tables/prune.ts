import type { CommandSpec } from '../command.ts';
import { optional, yesNo } from '../flag.ts';
import { anyText, COUNT, DURATION, SIZE } from '../value-kinds.ts';
import type { KeepFlags } from '../writer-flags.ts';

export interface PruneFlags extends KeepFlags {
  readonly recording: string | undefined;
  readonly 'dry-run': boolean;
}

export const PRUNE: CommandSpec<PruneFlags> = {
  name: 'prune',
  summary: 'delete calls from a tape, and make its file smaller',
  details: [
    'Deletes the calls that match FILTER; with --keep, --keep-size or --keep-calls only those of them that are ' +
      'beyond what is kept. Calls under way stay. A recorder may go on writing to the tape meanwhile.',
  ],
  arguments: [{ name: 'FILTER', required: false, many: true }],
  flags: {
    keep: optional(DURATION, 'keep what is younger than this, such as 7d'),
    'keep-size': optional(SIZE, 'keep the newest calls that fit into a file of this size'),
    'keep-calls': optional(COUNT, 'keep this many, the newest'),
    recording: optional(anyText('NAME'), 'only calls of this recording'),
    'dry-run': yesNo('only say what would be deleted'),
  },
  examples: [
    { line: 'calltape prune --keep 7d', does: 'delete what is older than a week' },
    { line: 'calltape prune --keep-size 200mb --dry-run', does: 'see what would have to go' },
    { line: 'calltape prune host:stripe path:/v1/tokens', does: 'delete these calls' },
  ],
};
