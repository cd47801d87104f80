import type { Retention, WriterOptions } from '@calltape/store';
import { CliError } from './errors.ts';
import type { FlagReader } from './flag-reader.ts';
import type { RecorderFlags } from './tables/recorder.ts';

/** A tape without a call takes about a fifth of this. */
const LEAST_BYTES = 1024 * 1024;

export interface KeepFlags {
  readonly keep: number | undefined;
  readonly 'keep-size': number | undefined;
  readonly 'keep-calls': number | undefined;
}

/**
 * How much of a tape the `--keep` flags leave on it.
 *
 * Throws CliError FLAG_VALUE for a bound that would leave nothing.
 */
export function retentionOf(flag: FlagReader<KeepFlags>): Retention {
  const [maxAgeMs, maxBytes, maxCalls] = [flag('keep'), flag('keep-size'), flag('keep-calls')];
  if (maxAgeMs === 0)
    throw new CliError('FLAG_VALUE', '--keep cannot be 0: no call would be kept.');
  if (maxBytes !== undefined && maxBytes < LEAST_BYTES) {
    throw new CliError(
      'FLAG_VALUE',
      '--keep-size has to be 1mb or more: less holds hardly a call.',
    );
  }
  return {
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(maxCalls === undefined ? {} : { maxCalls }),
  };
}

/** How the flags of a recorder want its tape written. */
export function writerOptions(flag: FlagReader<RecorderFlags>): WriterOptions {
  return {
    durable: flag('durable'),
    onOverflow: flag('on-overflow'),
    keep: retentionOf(flag),
    filters: { only: flag('only'), skip: flag('skip') },
  };
}
