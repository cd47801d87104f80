import { open, rename, rm } from 'node:fs/promises';
import { CliError } from './errors.ts';

/** Recorded calls may hold private data, so what is made of them is for the owner alone. */
const OWNER_ONLY = 0o600;
const BATCH_BYTES = 256 * 1024;

type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string>;

/**
 * Writes a file piece by piece. A file that is already there is refused, or with `replace` swapped
 * for the new one only when that is whole.
 *
 * Throws CliError FILE_EXISTS or FILE_UNWRITABLE.
 */
export async function writeFileWhole(
  file: string,
  pieces: Pieces,
  replace: boolean,
): Promise<void> {
  const working = replace ? `${file}.${process.pid}.partial` : file;
  const handle = await open(working, 'wx', OWNER_ONLY).catch((error: unknown) => {
    throw refusal(file, error);
  });
  try {
    for await (const batch of inBatches(pieces)) await handle.appendFile(batch);
    await handle.close();
    if (replace) await rename(working, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(working, { force: true });
    throw error instanceof Error && 'syscall' in error ? refusal(file, error) : error;
  }
}

/** A write for each of many small pieces would take longer than all the rest. */
async function* inBatches(pieces: Pieces): AsyncGenerator<Uint8Array> {
  let batch: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    batch.push(bytes);
    length += bytes.length;
    if (length < BATCH_BYTES) continue;
    yield Buffer.concat(batch);
    batch = [];
    length = 0;
  }
  yield Buffer.concat(batch);
}

function refusal(file: string, cause: unknown): CliError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'EEXIST') {
    return new CliError(
      'FILE_EXISTS',
      `"${file}" is already there, and was left as it is. Name another file, or add --force.`,
      { cause },
    );
  }
  return new CliError(
    'FILE_UNWRITABLE',
    `"${file}" cannot be written (${code}). Check its folder and the permissions.`,
    { cause },
  );
}
