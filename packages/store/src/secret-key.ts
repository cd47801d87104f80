import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { TapeError } from './errors.ts';
import { calltapeHome } from './home.ts';

const KEY_BYTES = 32;

/**
 * The key that placeholders are made with: random, made on first use, one for each user and kept
 * outside every tape, so that a tape that is passed on cannot be used to try out guesses. It is in
 * `$CALLTAPE_HOME/redaction.key`, by default `~/.calltape/redaction.key`.
 *
 * @throws TapeError when others may read the file, when it is no key, or when it can be
 * neither read nor made.
 */
export function loadSecretKey(): Buffer {
  const folder = calltapeHome();
  const file = join(folder, 'redaction.key');
  try {
    return readKey(file) ?? makeKey(folder, file);
  } catch (error) {
    if (error instanceof TapeError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TapeError(
      'KEY_UNAVAILABLE',
      `Failed to use the redaction key "${file}": ${reason}. Make its folder writable, or set CALLTAPE_HOME to one that is.`,
      { cause: error },
    );
  }
}

function readKey(file: string): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  try {
    refuseWideMode(file, fstatSync(descriptor).mode);
    const key = readFileSync(descriptor);
    if (key.length === KEY_BYTES) return key;
    throw new TapeError(
      'KEY_DAMAGED',
      `Failed to use the redaction key "${file}": it has ${key.length} bytes instead of ${KEY_BYTES}. Delete it; the next start makes a new one, whose placeholders differ from those on older tapes.`,
    );
  } finally {
    closeSync(descriptor);
  }
}

function refuseWideMode(file: string, mode: number): void {
  // Windows has no such modes; Node makes one up from the read-only flag.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  throw new TapeError(
    'KEY_EXPOSED',
    `Failed to use the redaction key "${file}": its mode is ${octal}, so other users may know it. Run chmod 600 on it, or delete it to get a new one.`,
  );
}

/**
 * Writes a whole key beside the place and links it there, which fails if another process was first:
 * so nobody ever reads half a key, and all agree on one.
 */
function makeKey(folder: string, file: string): Buffer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = randomBytes(KEY_BYTES);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, key, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, file);
    return key;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) return makeWithoutLink(file, key);
    return readKey(file) ?? key;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** For file systems without hard links (exFAT, some network shares). */
function makeWithoutLink(file: string, key: Buffer): Buffer {
  try {
    writeFileSync(file, key, { flag: 'wx', mode: 0o600 });
    return key;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return readKey(file) ?? key;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
