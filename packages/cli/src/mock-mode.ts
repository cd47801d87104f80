import { existsSync } from 'node:fs';
import { openMock } from '@calltape/mock';
import { CliError } from './errors.ts';
import type { FlagReader } from './flag-reader.ts';

/** What becomes of calls, in the words of VCR, and `passthrough`. */
export type ModeName = 'none' | 'once' | 'new_episodes' | 'all' | 'passthrough';

export type OnMiss = '404' | 'passthrough' | 'record';

export interface ModeFlags {
  readonly mode: ModeName | undefined;
  readonly 'on-miss': OnMiss | undefined;
}

/** What becomes of calls, taken apart. */
export interface Mode {
  readonly name: ModeName;
  /** Recordings are played. */
  readonly replays: boolean;
  /** The real API may be called. */
  readonly passes: boolean;
  /** What it answers goes onto the tape. */
  readonly records: boolean;
}

const MODE_OF: Readonly<Record<OnMiss, ModeName>> = {
  '404': 'none',
  passthrough: 'passthrough',
  record: 'new_episodes',
};

function nameOf(flag: FlagReader<ModeFlags>): ModeName {
  const [mode, onMiss] = [flag('mode'), flag('on-miss')];
  if (onMiss === undefined) return mode ?? 'none';
  const meant = MODE_OF[onMiss];
  if (mode === undefined || mode === meant) return meant;
  throw new CliError(
    'FLAG_VALUE',
    `--on-miss ${onMiss} is --mode ${meant}, but --mode is ${mode}: leave one of the two out.`,
  );
}

/** Whether a tape has nothing to play; throws TapeError when it cannot be read. */
function isNew(tape: string): boolean {
  if (!existsSync(tape)) return true;
  const { recordings, patterns } = openMock({ tapes: [tape], mayBeEmpty: true });
  return recordings + patterns === 0;
}

/**
 * Reads `--mode` and `--on-miss`.
 *
 * Throws CliError FLAG_VALUE when they contradict each other, or TapeError.
 *
 * @param tapes - What is played; the first is written to.
 */
export function modeOf(flag: FlagReader<ModeFlags>, tapes: readonly string[]): Mode {
  const name = nameOf(flag);
  if (name === 'all' && tapes.length > 1) {
    throw new CliError(
      'FLAG_VALUE',
      '--mode all records one tape anew: name that one and no other.',
    );
  }
  const records = name === 'new_episodes' || name === 'all';
  const isOnce = name === 'once' && tapes.every(isNew);
  return {
    name,
    replays: name !== 'all',
    passes: records || isOnce || name === 'passthrough',
    records: records || isOnce,
  };
}

/** Whether the real API may be called in a mode, whatever is on the tape. */
export function mayCall({ name }: Mode): boolean {
  return name !== 'none';
}
