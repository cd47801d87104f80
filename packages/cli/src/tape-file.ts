import { open } from 'node:fs/promises';

const SQLITE_MAGIC = 'SQLite format 3\0';

/** Whether a file is a database of SQLite, as tapes are. */
export async function isTapeFile(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer } = await handle.read(Buffer.alloc(SQLITE_MAGIC.length), 0, SQLITE_MAGIC.length);
    return buffer.toString('latin1') === SQLITE_MAGIC;
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
