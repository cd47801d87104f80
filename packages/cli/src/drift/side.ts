import {
  exchangeOfDraft,
  glimpsesOfCalls,
  importCalls,
  openTape,
  type Exchange,
  type Glimpsed,
  type TapeQuery,
} from '@calltape/store';
import type { ApiDescription } from '@calltape/mock';
import { stat } from 'node:fs/promises';
import { checkRecording } from '../call-query.ts';
import { CliError } from '../errors.ts';
import { inputText } from '../input-file.ts';
import { isTapeFile } from '../tape-file.ts';
import { timeRange } from './time-range.ts';

/** One side of a comparison: calls, read as often as it takes. */
export interface Side {
  /** As the user named it. */
  readonly name: string;
  /** The tape that its calls are on, as `calltape show` wants it; null for another file. */
  readonly tape: string | null;
  readonly glimpsed: Glimpsed;
  readonly exchanges: () => Iterable<Exchange>;
  readonly close: () => void;
}

/**
 * The calls that a word stands for: those of a file, else of a recording on the tape, else of a range of
 * time on it.
 *
 * @throws what reading files throws, TapeError for what is in them, and CliError ARGUMENT_INVALID.
 */
export async function sideOf(word: string, tape: string, now: number): Promise<Side> {
  const file = await stat(word).catch(() => null);
  if (file !== null) return fileSide(word);
  return tapeSide(word, tape, now);
}

/** The description in a file; undefined where a word stands for calls. */
export async function descriptionOf(word: string): Promise<ApiDescription | undefined> {
  const file = await stat(word).catch(() => null);
  if (file === null || (await isTapeFile(word))) return undefined;
  await inputText(word);
  const { readDescription } = await import('@calltape/mock');
  return readDescription(word);
}

async function fileSide(file: string): Promise<Side> {
  if (await isTapeFile(file)) return openSide(file, file, () => ({}));
  if ((await descriptionOf(file)) !== undefined) {
    throw new CliError(
      'ARGUMENT_INVALID',
      `"${file}" is a description, which has no calls: name it with --baseline, and calls with --live.`,
    );
  }
  const { format, drafts } = importCalls(await inputText(file), file);
  const exchanges = drafts.map((draft, at) =>
    exchangeOfDraft(draft, { id: at + 1, recording: file, source: format }),
  );
  return {
    name: file,
    tape: null,
    glimpsed: glimpsesOfCalls(exchanges),
    exchanges: () => exchanges,
    close: () => undefined,
  };
}

function tapeSide(word: string, file: string, now: number): Side {
  const range = timeRange(word, now);
  if (range === undefined && /[/\\]|\.(?:tape|har|json|ya?ml)$/i.test(word)) {
    throw new CliError('FILE_NOT_FOUND', `There is no file "${word}". Check its name.`);
  }
  return openSide(word, file, (tape) => {
    const isName = tape.recordings().some(({ name }) => name === word);
    if (!isName && range !== undefined) return range;
    checkRecording(tape, word);
    return { recording: word };
  });
}

/** A side of some calls of a tape. */
export function openSide(
  name: string,
  file: string,
  queryOf: (tape: ReturnType<typeof openTape>) => TapeQuery,
): Side {
  const tape = openTape(file);
  try {
    const query = queryOf(tape);
    return {
      name,
      tape: file,
      glimpsed: tape,
      exchanges: () => tape.exchanges(query),
      close: () => tape.close(),
    };
  } catch (error) {
    tape.close();
    throw error;
  }
}
