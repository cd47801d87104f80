import { TapeError } from './errors.ts';

/** A filter that cannot be read, with the place to put the cursor at. */
export class FilterError extends TapeError {
  /** Index into the filter's text, in UTF-16 units, from 0. */
  readonly position: number;

  constructor(filter: string, position: number, problem: string) {
    super(
      'FILTER_INVALID',
      `Failed to read filter ${JSON.stringify(filter)} at character ${position + 1}: ${problem}`,
    );
    this.position = position;
  }
}

/** What a reader of one value throws; the parser knows the filter and the place. */
export class ValueError extends Error {}
