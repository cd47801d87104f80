import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

const PROGRAM = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1]);
  database.exec('BEGIN IMMEDIATE');
  process.stdout.write('locked');
  process.stdin.on('end', () => database.exec('ROLLBACK')).resume();
`;

/**
 * Keeps others from writing to a tape. In a process of its own: SQLite's locks do not hold between
 * two copies of it in one process.
 *
 * @returns what lets them write again.
 */
export async function lockTape(file: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['-e', PROGRAM, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill();
  });
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
}
