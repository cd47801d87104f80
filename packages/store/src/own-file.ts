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
import { dirname } from 'node:path';

/** A small file that calltape keeps for its user alone. */
export interface OwnFile {
  readonly content: Buffer;
  /** The mode in octal, such as 0640, when others may read or change the file; else null. */
  readonly exposedMode: string | null;
}

/** Reads such a file; null when there is none. */
export function readOwnFile(file: string): OwnFile | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  try {
    const { mode } = fstatSync(descriptor);
    return { content: readFileSync(descriptor), exposedMode: exposed(mode) };
  } finally {
    closeSync(descriptor);
  }
}

function exposed(mode: number): string | null {
  // Windows has no such modes; Node makes one up from the read-only flag.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return null;
  return (mode & 0o777).toString(8).padStart(4, '0');
}

/**
 * Makes such a file, its folder with it, unless another process is quicker: writes it whole beside
 * the place and links it there, which fails if the place is taken. So nobody ever reads half a file,
 * and all agree on one.
 *
 * @returns the file that is in place, from whoever was first.
 */
export function makeOwnFile(file: string, content: Buffer): OwnFile {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, content, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, file);
    return { content, exposedMode: null };
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) return makeWithoutLink(file, content);
    return readOwnFile(file) ?? { content, exposedMode: null };
  } finally {
    rmSync(draft, { force: true });
  }
}

/** For file systems without hard links (exFAT, some network shares). */
function makeWithoutLink(file: string, content: Buffer): OwnFile {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return { content, exposedMode: null };
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return readOwnFile(file) ?? { content, exposedMode: null };
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
