import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tempDir } from './tape.ts';

/** Writes a file into a folder that is gone when the test is over, and gives its path. */
export async function fileWith(content: unknown, name = 'source.json'): Promise<string> {
  const file = join(await tempDir(), name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** The same for several files by their paths; gives the folder. */
export async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await tempDir();
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(file, isRaw ? content : JSON.stringify(content));
  }
  return folder;
}
