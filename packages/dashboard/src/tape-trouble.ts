import { TapeError } from '@calltape/store';

const DAMAGED: ReadonlySet<string> = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB']);

function isFromSqlite(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_');
}

/** What ended the dashboard, as the user's matter where it is: the tape failed while it was read. */
export function troubleOf(error: unknown, file: string): unknown {
  if (!isFromSqlite(error)) return error;
  const { code, message } = error;
  return new TapeError(
    DAMAGED.has(code.split('_', 2).join('_')) ? 'TAPE_DAMAGED' : 'TAPE_UNREADABLE',
    `The tape "${file}" could not be read any further (${code}: ${message}). Check that nothing else changes the file, and restore a copy.`,
    { cause: error },
  );
}
