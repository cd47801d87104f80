import type { Drift } from '@calltape/drift';
import { CliError } from '../errors.ts';
import type { Learned } from './learn-sides.ts';
import type { Side } from './side.ts';

/** What to compare, as the command line has it. */
export interface Asked {
  readonly baseline: string | undefined;
  readonly live: string | undefined;
  /** The file of the accepted baseline, for when no other is named. */
  readonly accepted: string;
  /** The tape in force. */
  readonly tape: string;
  readonly alpha: number;
}

/** What a side of a finding is called, and the tape that its example calls are on. */
export type SideName = Pick<Side, 'name' | 'tape'>;

/** What was found. */
export interface Compared {
  readonly drifts: readonly Drift[];
  readonly sides: readonly [before: SideName, after: SideName];
  readonly learned: readonly [before: Learned, after: Learned];
  /** What the calls were held against, in words. */
  readonly before: string;
}

/** The calls of a side. @throws CliError ARGUMENT_INVALID when there are none. */
export function filled({ name }: SideName, learned: Learned): Learned {
  if (learned.calls > 0) return learned;
  throw new CliError(
    'ARGUMENT_INVALID',
    `There are no calls in "${name}": calltape calls and calltape recordings list what there is.`,
  );
}
