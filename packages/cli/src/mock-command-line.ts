import type { FlagReader } from './flag-reader.ts';
import { quoted } from './shell-quoted.ts';
import type { MockFlags } from './tables/mock.ts';

/** The command that has the same mock again: the same tapes, rules and seed. */
export function mockCommandLine(
  tapes: readonly string[],
  seed: number,
  flag: FlagReader<Pick<MockFlags, 'fault' | 'faults' | 'profile' | 'latency' | 'repeat'>>,
): string {
  const [profile, file, latency, repeat] = [
    flag('profile'),
    flag('faults'),
    flag('latency'),
    flag('repeat'),
  ];
  const words = [
    'calltape',
    'mock',
    ...tapes,
    '--seed',
    String(seed),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(file === undefined ? [] : ['--faults', file]),
    ...flag('fault').flatMap((rule) => ['--fault', rule]),
    ...(latency === undefined ? [] : ['--latency', latency]),
    ...(repeat === 'last' ? [] : ['--repeat', repeat]),
  ];
  return words.map(quoted).join(' ');
}
