import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { describedCalls, type DescribedCalls } from '@calltape/mock';
import {
  draftOfExchange,
  importCalls,
  openTape,
  type HarCall,
  type RecordingStart,
} from '@calltape/store';
import { CliError } from './errors.ts';
import { inputText } from './input-file.ts';
import { isTapeFile } from './tape-file.ts';
import { sizeText } from './units.ts';

/** A recording to be made of a file. */
export interface ImportSource {
  readonly file: string;
  readonly start: RecordingStart;
  readonly calls: number;
  readonly drafts: () => Iterable<HarCall>;
  /** What of the file is no call that a tape keeps, and how often. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** The same where it is worth a sentence. */
  readonly warnings?: readonly string[];
}

/** JSON is read as a whole, and takes several times its size in memory. */
const MOST_JSON_BYTES = 256 * 1024 ** 2;

/**
 * Reads and checks all of a file: a HAR, JSON of nock's recorder, an OpenAPI description, or another
 * tape, of which each recording stays one (those of one name become one).
 *
 * Throws what reading files throws, and TapeError or MockError for what is in them.
 *
 * @param seed - Whole number that values follow from which a description has no examples for.
 */
export async function importSources(file: string, seed: number): Promise<ImportSource[]> {
  if (await isTapeFile(file)) return tapeSources(file);
  await checkSize(file);
  const text = await inputText(file);
  const described = describedCalls(text, file, seed);
  if (described !== undefined) return describedSources(file, described);
  const { format, drafts, leftOut } = importCalls(text, file);
  const start = { name: basename(file, extname(file)), source: format };
  return [{ file, start, calls: drafts.length, drafts: () => drafts, leftOut }];
}

/** The answers that a mock of the description would give, and the others apart from those. */
function describedSources(file: string, described: DescribedCalls): ImportSource[] {
  const { chosen, others, warnings } = described;
  const name = basename(file, extname(file));
  const source = (of: string, drafts: readonly HarCall[]): ImportSource => ({
    file,
    start: { name: of, source: 'openapi' },
    calls: drafts.length,
    drafts: () => drafts,
    leftOut: new Map<string, number>(),
  });
  const rest = others.length === 0 ? [] : [source(`${name}-others`, others)];
  return [{ ...source(name, chosen), warnings }, ...rest];
}

function tapeSources(file: string): ImportSource[] {
  const tape = openTape(file);
  try {
    // A damaged call must be found before the first is written.
    for (const _ of tape.exchanges());
    const byName = new Map(tape.recordings().map((recording) => [recording.name, recording]));
    return [...byName.values()].map(({ name, source, upstream }) => ({
      file,
      start: { name, source, upstream },
      calls: tape.count({ recording: name }),
      drafts: () => tapeDrafts(file, name),
      leftOut: new Map<string, number>(),
    }));
  } finally {
    tape.close();
  }
}

function* tapeDrafts(file: string, recording: string): Generator<HarCall> {
  const tape = openTape(file);
  try {
    for (const exchange of tape.exchanges({ recording })) {
      const hasMessages = exchange.websocket !== undefined;
      yield draftOfExchange(exchange, hasMessages ? tape.messages(exchange.id) : []);
    }
  } finally {
    tape.close();
  }
}

/** A file that is not there is the reader's matter. */
async function checkSize(file: string): Promise<void> {
  const size = (await stat(file).catch(() => null))?.size ?? 0;
  if (size <= MOST_JSON_BYTES) return;
  throw new CliError(
    'FILE_INVALID',
    `"${file}" is too large to be read: it has ${sizeText(size)}, and files of JSON may have ` +
      `${sizeText(MOST_JSON_BYTES)}. Export fewer calls at a time, and import the files together.`,
  );
}
