import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { TapeError } from './errors.ts';
import { calltapeHome } from './home.ts';
import { makeOwnFile, readOwnFile, type OwnFile } from './own-file.ts';

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
  const file = join(calltapeHome(), 'redaction.key');
  try {
    return checkedKey(file, readOwnFile(file) ?? makeOwnFile(file, randomBytes(KEY_BYTES)));
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

function checkedKey(file: string, { content: key, exposedMode }: OwnFile): Buffer {
  if (exposedMode !== null) {
    throw new TapeError(
      'KEY_EXPOSED',
      `Failed to use the redaction key "${file}": its mode is ${exposedMode}, so other users may know it. Run chmod 600 on it, or delete it to get a new one.`,
    );
  }
  if (key.length === KEY_BYTES) return key;
  throw new TapeError(
    'KEY_DAMAGED',
    `Failed to use the redaction key "${file}": it has ${key.length} bytes instead of ${KEY_BYTES}. Delete it; the next start makes a new one, whose placeholders differ from those on older tapes.`,
  );
}
