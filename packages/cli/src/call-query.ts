import { parseFilter, type Tape, type TapeQuery } from '@calltape/store';
import { CliError } from './errors.ts';
import { nearestWord } from '@calltape/store/nearest-word';

/**
 * The query that filter words and `--recording` ask for.
 *
 * Throws TapeError FILTER_INVALID, and CliError RECORDING_UNKNOWN for a name not on the tape.
 */
export function callQuery(
  tape: Tape,
  words: readonly string[],
  recording: string | undefined,
): TapeQuery {
  if (recording !== undefined) checkRecording(tape, recording);
  return {
    ...(words.length === 0 ? {} : { filter: parseFilter(words.join(' ')) }),
    ...(recording === undefined ? {} : { recording }),
  };
}

/** Throws CliError RECORDING_UNKNOWN for a name that is not on the tape, with the nearest one. */
export function checkRecording(tape: Tape, name: string): void {
  const names = tape.recordings().map((recording) => recording.name);
  if (names.includes(name)) return;
  const meant = nearestWord(name, names);
  throw new CliError(
    'RECORDING_UNKNOWN',
    `There is no recording ${JSON.stringify(name)} on ${tape.file}: ` +
      (meant === undefined
        ? 'calltape recordings lists them.'
        : `did you mean ${JSON.stringify(meant)}?`),
  );
}
