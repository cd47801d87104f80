import { openTape } from '@calltape/store';
import type { DescribedPattern, Description, DescriptionOptions } from './described.ts';
import type { Recording } from './recording.ts';
import { recordingsOf, redactionRulesOf } from './recordings-of.ts';
import { readSource } from './source-file.ts';
import type { Source } from './source-file.ts';

/** Everything that a mock plays, in the order in which it was named. */
export class Sources {
  readonly descriptions: readonly Description[];
  readonly warnings: readonly string[];
  readonly #sources: readonly Source[];

  constructor(sources: readonly Source[], warnings: readonly string[]) {
    this.#sources = sources;
    this.warnings = warnings;
    this.descriptions = sources.flatMap((source) =>
      source.kind === 'description' ? [source.description] : [],
    );
  }

  get tapes(): readonly string[] {
    return this.#sources.flatMap((source) => (source.kind === 'tape' ? [source.file] : []));
  }

  /** How many patterns the descriptions have. */
  get patterns(): number {
    return this.#patterns().length;
  }

  /** The patterns that no client got an answer of, by the places of those that one did. */
  unused(used: ReadonlySet<number>): DescribedPattern[] {
    return this.#patterns().filter((_, at) => !used.has(at));
  }

  /** The others, by their places among all. */
  usedPatterns(): number[] {
    return this.#patterns().flatMap(({ used }, at) => (used ? [at] : []));
  }

  *recordings(): Generator<Recording> {
    for (const source of this.#sources) {
      if (source.kind === 'tape') yield* recordingsOf(source.file);
      else if (source.kind === 'calls') yield* source.recordings;
    }
  }

  /** The users' own redaction rules of the recordings on the tapes. */
  redactionRules(): string[] {
    return redactionRulesOf(this.tapes);
  }

  #patterns(): readonly DescribedPattern[] {
    return this.descriptions.flatMap(({ patterns }) => patterns);
  }
}

/**
 * Makes sure that files can be played, before something else is begun for them.
 *
 * @throws TapeError or MockError for the first bad one.
 */
export function checkSources(files: readonly string[]): void {
  const options = { seed: 0, latency: { kind: 'none' }, repeat: 'last' } as const;
  for (const file of files) {
    if (readSource(file, options, () => undefined).kind === 'tape') openTape(file).close();
  }
}

/** Reads the files that are to be played. @throws TapeError or MockError for the first bad one. */
export function readSources(files: readonly string[], options: DescriptionOptions): Sources {
  const warnings: string[] = [];
  const sources = files.map((file) =>
    readSource(file, options, (warning) => {
      warnings.push(warning);
    }),
  );
  return new Sources(sources, warnings);
}
