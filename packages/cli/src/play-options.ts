import { parseLatency, type FaultRule, type PlayOptions } from '@calltape/mock';
import { faultRules } from './fault-rules.ts';
import type { FlagReader } from './flag-reader.ts';
import { matchOptions } from './match-options.ts';
import type { PlayFlags } from './tables/mock.ts';

type Played = Omit<PlayOptions, 'served' | 'replay' | 'mayBeEmpty' | 'faults'> & {
  readonly faults: readonly FaultRule[];
};

/** What the flags say about answers. Throws MockError or CliError for what cannot be. */
export async function playOptions(
  flag: FlagReader<PlayFlags>,
  tapes: readonly string[],
): Promise<Played> {
  const [seed, latency] = [flag('seed'), flag('latency')];
  return {
    tapes,
    faults: await faultRules(flag),
    repeat: flag('repeat'),
    ...(await matchOptions(flag)),
    shiftTime: flag('shift-time'),
    ...(seed === undefined ? {} : { seed }),
    ...(latency === undefined ? {} : { latency: parseLatency(latency) }),
  };
}
