import type { FlagReader } from './flag-reader.ts';
import { quoted } from './shell-quoted.ts';
import type { MatchFlags } from './tables/match.ts';
import type { MockFlags } from './tables/mock.ts';

function matchWords(flag: FlagReader<MatchFlags>): string[] {
  const rules = flag('rules');
  return [
    ...flag('match').flatMap((part) => ['--match', part]),
    ...flag('ignore').flatMap((place) => ['--ignore', place]),
    ...(rules === undefined ? [] : ['--rules', rules]),
    ...(flag('lenient') ? ['--lenient'] : []),
  ];
}

/** The command that has the same mock again: the same tapes, rules and seed. */
export function mockCommandLine(
  tapes: readonly string[],
  seed: number,
  flag: FlagReader<
    Pick<
      MockFlags,
      | 'fault'
      | 'faults'
      | 'profile'
      | 'latency'
      | 'repeat'
      | 'rewrite-bodies'
      | 'shift-time'
      | keyof MatchFlags
    >
  >,
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
    ...matchWords(flag),
    ...(flag('rewrite-bodies') ? ['--rewrite-bodies'] : []),
    ...(flag('shift-time') ? ['--shift-time'] : []),
  ];
  return words.map(quoted).join(' ');
}
