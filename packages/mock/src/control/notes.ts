import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, makeOwnFile, readOwnFile } from '@calltape/store';

/** Where a mock that runs can be controlled, for other programs of the same user. */
export interface ControlNote {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  /** What it plays, absolute paths. */
  readonly tapes: readonly string[];
  /** The tape with what it answered, an absolute path; null where there is none. */
  readonly served: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
}

function folderIn(home: string): string {
  return join(home, 'control');
}

/**
 * Leaves a note for this user alone; it is gone when the process ends, or when it is taken away.
 *
 * @param home - The folder of what calltape keeps for its user.
 * @returns what takes it away.
 */
export function leaveControlNote(home: string, note: ControlNote): () => void {
  const file = join(folderIn(home), `${note.pid}.json`);
  // Of a process that died, and had the number before.
  rmSync(file, { force: true });
  makeOwnFile(file, Buffer.from(`${JSON.stringify(note)}\n`));
  const takeAway = (): void => {
    process.off('exit', takeAway);
    rmSync(file, { force: true });
  };
  process.on('exit', takeAway);
  return takeAway;
}

/** The notes of mocks that run, the latest first. Those of dead processes are taken away. */
export function controlNotes(home: string): ControlNote[] {
  const folder = folderIn(home);
  const notes = namesIn(folder).flatMap((name) => {
    const note = noteIn(join(folder, name));
    if (note === null) return [];
    if (isAlive(note.pid)) return [note];
    rmSync(join(folder, name), { force: true });
    return [];
  });
  return notes.toSorted((one, other) => other.startedAt - one.startedAt);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    return [];
  }
}

/** Null for what is no note, or one that others could have changed. */
function noteIn(file: string): ControlNote | null {
  try {
    const read = readOwnFile(file);
    if (read === null || read.exposedMode !== null) return null;
    const value: unknown = JSON.parse(read.content.toString());
    return isNote(value) ? value : null;
  } catch {
    return null;
  }
}

function isNote(value: unknown): value is ControlNote {
  if (typeof value !== 'object' || value === null) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  const [tapes, served] = [members.get('tapes'), members.get('served')];
  return (
    Number.isSafeInteger(members.get('pid')) &&
    typeof members.get('startedAt') === 'number' &&
    typeof members.get('token') === 'string' &&
    /^http:\/\/127\.0\.0\.1:\d+$/.test(String(members.get('url'))) &&
    Array.isArray(tapes) &&
    tapes.every((tape) => typeof tape === 'string') &&
    (served === null || typeof served === 'string')
  );
}
