import { realpath } from 'node:fs/promises';
import { CliError } from './errors.ts';

/**
 * Refuses to write answers onto a tape that they are taken from: the next run would take its own
 * answers, injected failures included, for recordings.
 *
 * Throws CliError FLAG_VALUE.
 */
export async function checkServedTape(served: string, played: readonly string[]): Promise<void> {
  const same = await Promise.all(played.map((tape) => isSameFile(served, tape)));
  if (same.some(Boolean)) {
    throw new CliError(
      'FLAG_VALUE',
      `--served cannot be "${served}": that tape is being played. Name another file.`,
    );
  }
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [onePath, otherPath] = await Promise.all([one, other].map(pathOf));
  return onePath === otherPath;
}

async function pathOf(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
