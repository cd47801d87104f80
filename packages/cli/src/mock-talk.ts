import type { Mock } from '@calltape/mock';
import { visible } from '@calltape/store';
import { counted } from './units.ts';

const MOST_UNUSED_SHOWN = 10;

/** What a mock that has just started plays, and how to have the same again. */
export function mockGreeting(
  { seed, recordings }: Mock,
  tapes: readonly string[],
  faults: readonly string[],
): string {
  return [
    `Playing ${counted(recordings, 'recorded call')} of ${tapes.join(', ')}; seed ${seed}.`,
    ...faults.map((rule) => `Fault in force: ${rule}`),
  ].join('\n');
}

/** What a mock answered, and which recorded calls nobody asked for. */
export function mockSummary(mock: Mock): string {
  const { answered, missed, faulted, unused } = mock.summary();
  const shown = unused.slice(0, MOST_UNUSED_SHOWN);
  const more = unused.length - shown.length;
  return [
    `Answered ${counted(answered, 'call')}, missed ${missed}, faulted ${faulted}; seed ${mock.seed}.`,
    ...(unused.length === 0 ? [] : [`Not asked for: ${counted(unused.length, 'recorded call')}`]),
    ...shown.map(({ id, method, url }) => `  ${id} ${visible(method)} ${visible(url)}`),
    ...(more === 0 ? [] : [`  and ${more} more`]),
  ].join('\n');
}
