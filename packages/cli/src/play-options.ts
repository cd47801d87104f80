import { parseFault, parseLatency, type PlayOptions } from '@calltape/mock';
import type { FlagReader } from './flag-reader.ts';
import { matchOptions } from './match-options.ts';
import type { PlayFlags } from './tables/mock.ts';

/** What the flags say about answers. Throws MockError or CliError for what cannot be. */
export async function playOptions(
  flag: FlagReader<PlayFlags>,
  tapes: readonly string[],
): Promise<Omit<PlayOptions, 'served' | 'replay' | 'mayBeEmpty'>> {
  const [seed, latency] = [flag('seed'), flag('latency')];
  return {
    tapes,
    faults: flag('fault').map(parseFault),
    repeat: flag('repeat'),
    ...(await matchOptions(flag)),
    shiftTime: flag('shift-time'),
    ...(seed === undefined ? {} : { seed }),
    ...(latency === undefined ? {} : { latency: parseLatency(latency) }),
  };
}
