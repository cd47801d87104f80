import type { CountedMiss, Learned } from '@calltape/mock';
import type { MockServer } from './mock-server.ts';
import { visible } from '@calltape/store';
import { counted } from './units.ts';

const MOST_SHOWN = 10;

function againLine(again: string | null, isChanged = false): string[] {
  if (again === null) return [];
  const what = isChanged ? 'As it began, before its faults were changed' : 'The same again';
  return [`${what}: ${visible(again)}`];
}

/** Whether what a mock answers may depend on its seed, so that to have the same again takes it. */
export function drawsOn({ patterns }: MockServer, faults: readonly unknown[]): boolean {
  return faults.length > 0 || patterns > 0;
}

/**
 * What a mock that has just started plays, and how to have the same again.
 *
 * @param again - The command for that; null where none is to be shown.
 */
export function mockGreeting(
  { seed, recordings, patterns, warnings }: MockServer,
  tapes: readonly string[],
  faults: readonly string[],
  again: string | null = null,
): string {
  const parts = [
    ...(recordings > 0 || patterns === 0 ? [counted(recordings, 'recorded call')] : []),
    ...(patterns > 0 ? [counted(patterns, 'described call')] : []),
  ];
  return [
    ...warnings.map((warning) => visible(warning)),
    `Playing ${parts.join(' and ')} of ${tapes.join(', ')}; seed ${seed}.`,
    ...faults.map((rule) => `Fault in force: ${visible(rule)}`),
    ...againLine(again),
  ].join('\n');
}

function missText({ count, message, nearest: [nearest] }: CountedMiss): string {
  const fix = nearest?.fix ?? null;
  const times = count === 1 ? '' : `${count} times: `;
  return `  ${visible(times + message)}${fix === null ? '' : ` To have it answered: ${visible(fix)}`}`;
}

function learnedText({ method, path, places }: Learned): string {
  return `  ${visible(`${method} ${path}: ${places.join(' ')}`)}`;
}

/** A heading and the first few lines under it; nothing where there is no line. */
function listed(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - MOST_SHOWN;
  const rest = more > 0 ? [`  and ${more} more`] : [];
  return [heading, ...lines.slice(0, MOST_SHOWN), ...rest];
}

function passedText(passed: number): string {
  return passed === 0 ? '' : `, passed on ${passed}`;
}

function recordedText({ recorded, replaced }: MockServer): string[] {
  if (recorded === null) return [];
  const instead = replaced === 0 ? '' : `, in place of ${counted(replaced, 'older one')}`;
  return [
    `Recorded ${counted(recorded.stats.writtenCalls, 'call')} on ${recorded.file}${instead}.`,
  ];
}

/** What a mock answered and missed, and which recorded calls nobody asked for. */
export function mockSummary(mock: MockServer, again: string | null = null): string {
  const { answered, lenient, missed, passed, faulted, misses, learned } = mock.summary();
  const { unused, unusedPatterns, differingMessages } = mock.summary();
  const nearly = lenient === 0 ? '' : ` (${lenient} with the nearest recording)`;
  return [
    `Answered ${counted(answered, 'call')}${nearly}, missed ${missed}${passedText(passed)}, faulted ${faulted}; seed ${mock.seed}.`,
    ...againLine(again, mock.isChanged),
    ...recordedText(mock),
    ...(differingMessages === 0
      ? []
      : [`Not what was recorded: ${counted(differingMessages, 'WebSocket message')} of clients`]),
    ...listed('Missed:', misses.map(missText)),
    ...listed('Not compared, as it is new in each request:', learned.map(learnedText)),
    ...listed(
      `Not asked for: ${counted(unused.length, 'recorded call')}`,
      unused.map(({ id, method, url }) => `  ${id} ${visible(method)} ${visible(url)}`),
    ),
    ...listed(
      `Not asked for: ${counted(unusedPatterns.length, 'described call')}`,
      unusedPatterns.map(
        ({ source, name, method, url }) => `  ${visible(`${source} "${name}" ${method} ${url}`)}`,
      ),
    ),
  ].join('\n');
}
