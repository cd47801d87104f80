import type { FlatHeaders } from './draft.ts';
import { TapeError } from './errors.ts';
import type { FindingExample } from './finding.ts';

// A tape may come from somebody else, so what its cells hold is checked before it is believed.

/** Status, reason phrase, flat headers, milliseconds since the start. */
export type InterimCell = readonly [number, string, FlatHeaders, number];

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

function isInterimList(value: unknown): value is InterimCell[] {
  return Array.isArray(value) && value.every((item) => isInterim(item));
}

function isInterim(value: unknown): value is InterimCell {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [status, statusText, headers, atMs]: unknown[] = value;
  const isHead = typeof status === 'number' && typeof statusText === 'string';
  return isHead && isStrings(headers) && typeof atMs === 'number';
}

function isExamples(value: unknown): value is FindingExample[] {
  return Array.isArray(value) && value.every((item) => isExample(item));
}

function isExample(value: unknown): value is FindingExample {
  if (typeof value !== 'object' || value === null || !('side' in value) || !('id' in value)) {
    return false;
  }
  return (value.side === 'before' || value.side === 'after') && typeof value.id === 'number';
}

function read<T>(json: string, isRight: (value: unknown) => value is T, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (isRight(value)) return value;
  throw damaged(what);
}

/** @param what - What the cell should hold. */
export function damaged(what: string): TapeError {
  return new TapeError(
    'TAPE_DAMAGED',
    `The tape is damaged: a cell that should hold ${what} holds something else.`,
  );
}

export function readHeaders(json: string): FlatHeaders {
  return read(json, isStrings, 'headers');
}

/** @param what - What the cell should hold, for the error message. */
export function readTexts(json: string, what: string): string[] {
  return read(json, isStrings, what);
}

export function readNumbers(json: string): number[] {
  return read(json, isNumbers, 'arrival times');
}

export function readInterim(json: string): InterimCell[] {
  return read(json, isInterimList, 'interim responses');
}

export function readExamples(json: string): FindingExample[] {
  return read(json, isExamples, 'example calls');
}
