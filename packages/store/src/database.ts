import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { TapeError } from './errors.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';

const SQLITE_MAGIC = 'SQLite format 3\0';
const OWNER_ONLY = 0o600;
const BUSY_TIMEOUT_MS = 5000;
/** What SQLite says where it may not make -wal and -shm beside the file. */
const READ_ONLY_PLACE = new Set(['SQLITE_READONLY_DIRECTORY', 'SQLITE_CANTOPEN']);
/** Past this the log is cut back once all of it is in the tape itself, bytes. */
const LOG_BYTES = 16 * 1024 * 1024;
/** Older ones may damage a file that two connections write at once (https://sqlite.org/wal.html#walresetbug). */
const OLDEST_SQLITE = [3, 51, 3] as const;
/** Bodies of some kilobytes waste half of SQLite's usual 4 KiB page. */
const PAGE_BYTES = 16_384;

/** Writers add at the end: the binding's 16 MB would only fill with pages that nobody asks for again. */
const CACHE_KIB = 4_000;

/** Whether a version such as 3.54.1 is at least the other, part by part. */
export function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  const at = least.findIndex((part, index) => parts[index] !== part);
  return at === -1 || (parts[at] ?? 0) > (least[at] ?? 0);
}

function checkSqlite(database: Database.Database): void {
  const version = String(database.prepare('SELECT sqlite_version()').pluck().get());
  if (isAtLeast(version, OLDEST_SQLITE)) return;
  throw new TapeError(
    'SQLITE_TOO_OLD',
    `SQLite ${version} may damage a tape that two programs write at once; ${OLDEST_SQLITE.join('.')} or newer is needed. Install calltape's own dependencies again.`,
  );
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** Reads the first bytes, so that a file of another kind is named as such before SQLite sees it. */
function checkIsSqlite(file: string): void {
  if (statSync(file).isDirectory()) {
    throw new TapeError('TAPE_NOT_A_TAPE', `"${file}" is a folder, not a tape. Name a file.`);
  }
  const start = Buffer.alloc(SQLITE_MAGIC.length);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start, 0, start.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (start.toString('latin1') !== SQLITE_MAGIC) {
    throw new TapeError(
      'TAPE_NOT_A_TAPE',
      `"${file}" is not a tape: it is not a SQLite file. Name another file with --tape.`,
    );
  }
}

function checkReadable(file: string): void {
  if (!existsSync(file)) {
    throw new TapeError(
      'TAPE_NOT_FOUND',
      `There is no tape "${file}". Record one with "calltape record URL", or name another with --tape.`,
    );
  }
  try {
    checkIsSqlite(file);
  } catch (error) {
    if (error instanceof TapeError) throw error;
    throw new TapeError(
      'TAPE_UNREADABLE',
      `The tape "${file}" cannot be read (${codeOf(error)}). Check its permissions.`,
      { cause: error },
    );
  }
}

/** Another connection writes at this moment; it will be over. */
export function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

/** Moves all of the log into the tape and cuts it to nothing; false while a reader needs it. */
export function emptyLog(database: Database.Database): boolean {
  return Number(database.pragma('wal_checkpoint(TRUNCATE)', { simple: true })) === 0;
}

export function pragmaNumber(database: Database.Database, name: string): number {
  return Number(database.pragma(name, { simple: true }));
}

function checkIsTape(database: Database.Database, file: string): void {
  if (pragmaNumber(database, 'application_id') !== APPLICATION_ID) {
    throw new TapeError(
      'TAPE_NOT_A_TAPE',
      `"${file}" is a SQLite file of another program, not a tape. Name another file with --tape.`,
    );
  }
  const version = pragmaNumber(database, 'user_version');
  if (version > MIGRATIONS.length) {
    throw new TapeError(
      'TAPE_NEWER',
      `The tape "${file}" has format ${version}, made by a newer calltape; this one knows formats up to ${MIGRATIONS.length}. Update calltape to open it.`,
    );
  }
  tableCount(database);
}

/** Opening alone reads no page; a damaged file should be named now and not in the middle of a run. */
function tableCount(database: Database.Database): number {
  return Number(database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
}

function migrate(database: Database.Database): void {
  const step = database.transaction(() => {
    const version = pragmaNumber(database, 'user_version');
    for (const sql of MIGRATIONS.slice(version)) database.exec(sql);
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${MIGRATIONS.length}`);
  });
  if (pragmaNumber(database, 'user_version') === MIGRATIONS.length) return;
  // Else what refers to a table that is made anew would be deleted with the old one.
  database.pragma('foreign_keys = OFF');
  // IMMEDIATE: two recorders that start on a new tape together must not both create its tables.
  step.immediate();
  database.pragma('foreign_keys = ON');
}

/** Turns what SQLite throws while a file is opened into a sentence for the user. */
function explain(error: unknown, file: string, use: 'read' | 'written'): TapeError {
  if (error instanceof TapeError) return error;
  const code = codeOf(error);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new TapeError(
      'TAPE_DAMAGED',
      `The tape "${file}" is damaged (${code}). Restore a copy, or rescue what is left with "sqlite3 FILE .recover".`,
      { cause: error },
    );
  }
  if (isBusy(error)) {
    return new TapeError(
      'TAPE_BUSY',
      `Another program keeps the tape "${file}" locked. Let it finish, or name another tape with --tape.`,
      { cause: error },
    );
  }
  return new TapeError(
    use === 'read' ? 'TAPE_UNREADABLE' : 'TAPE_UNWRITABLE',
    `The tape "${file}" cannot be ${use} (${code}). Check the permissions of the file and its folder.`,
    { cause: error },
  );
}

/** Creates the file with the right mode before SQLite does; SQLite gives -wal and -shm the same. */
function createIfMissing(file: string): void {
  if (existsSync(file)) return;
  const folder = dirname(file);
  if (!existsSync(folder)) {
    throw new TapeError(
      'TAPE_UNWRITABLE',
      `The tape "${file}" cannot be made: there is no folder "${folder}". Make it first.`,
    );
  }
  try {
    closeSync(openSync(file, 'a', OWNER_ONLY));
  } catch (error) {
    throw new TapeError(
      'TAPE_UNWRITABLE',
      `The tape "${file}" cannot be made: the folder "${folder}" does not allow it (${codeOf(error)}). Name another place with --tape.`,
      { cause: error },
    );
  }
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function checkWritable(file: string): void {
  try {
    accessSync(file, constants.W_OK);
  } catch (error) {
    throw new TapeError(
      'TAPE_UNWRITABLE',
      `The tape "${file}" cannot be written (${codeOf(error)}). Check its permissions, or name another with --tape.`,
      { cause: error },
    );
  }
}

/**
 * Opens a tape for the writer, making or migrating it where needed.
 *
 * @throws TapeError when the file is something else, newer, damaged or not writable. Nothing in an
 *   existing file has been changed then.
 */
export function openForWriting(file: string): Database.Database {
  createIfMissing(file);
  checkWritable(file);
  const isNew = statSync(file).size === 0;
  if (!isNew) checkIsSqlite(file);
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    checkSqlite(database);
    database.pragma('trusted_schema = OFF');
    if (!isNew && pragmaNumber(database, 'user_version') > 0) checkIsTape(database, file);
    else if (!isNew) checkIsUnused(database, file);
    if (isNew) {
      database.pragma(`page_size = ${PAGE_BYTES}`);
      database.pragma('auto_vacuum = INCREMENTAL');
    }
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma(`cache_size = -${CACHE_KIB}`);
    database.pragma(`journal_size_limit = ${LOG_BYTES}`);
    // What is deleted from a tape, secrets above all, is overwritten.
    database.pragma('secure_delete = ON');
    migrate(database);
    return database;
  } catch (error) {
    database?.close();
    throw explain(error, file, 'written');
  }
}

/** Opens a tape that is there already for changes. */
export function openExisting(file: string): Database.Database {
  checkReadable(file);
  return openForWriting(file);
}

/** A file without a version may only be one that another recorder is making this very moment. */
function checkIsUnused(database: Database.Database, file: string): void {
  if (tableCount(database) > 0) checkIsTape(database, file);
}

/**
 * SQLite can read a WAL file only where it may make files beside it. A tape on a read-only disk or in
 * somebody else's folder is therefore read from a copy in memory, marked there as not in WAL mode
 * (bytes 18 and 19 of the header, https://www.sqlite.org/fileformat2.html#file_format_version_numbers).
 */
function copyInMemory(file: string): Database.Database {
  const bytes = readFileSync(file);
  bytes[18] = 1;
  bytes[19] = 1;
  return new Database(bytes, { readonly: true });
}

/** A connection that never writes, but may tidy up: a read-only one leaves -wal and -shm behind. */
function connectForReading(file: string): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: !isWritable(file), timeout: BUSY_TIMEOUT_MS });
    database.pragma('query_only = ON');
    tableCount(database);
    return database;
  } catch (error) {
    database?.close();
    if (READ_ONLY_PLACE.has(codeOf(error))) return copyInMemory(file);
    throw error;
  }
}

/**
 * Opens a tape for reading. A tape of an older format is migrated first.
 *
 * @throws TapeError when there is no such file, or it is something else, newer or damaged.
 */
export function openForReading(file: string): Database.Database {
  checkReadable(file);
  let database: Database.Database | undefined;
  try {
    database = connectForReading(file);
    database.pragma('trusted_schema = OFF');
    checkIsTape(database, file);
    if (pragmaNumber(database, 'user_version') === MIGRATIONS.length) return database;
    database.close();
    openForWriting(file).close();
    return connectForReading(file);
  } catch (error) {
    database?.close();
    throw explain(error, file, 'read');
  }
}

/** The version of SQLite that tapes are read and written with. */
export function sqliteVersion(): string {
  const database = new Database(':memory:');
  try {
    return String(database.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}
