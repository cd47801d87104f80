import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { progressText, startProgress, type Work } from '../src/progress.ts';
import { inTerminal } from './in-terminal.ts';
import { calltape, emptyFolder } from './run-cli.ts';
import { answer, call, tapeWith } from './tape-with-calls.ts';

const WIPE = '\r\u001B[2K';
const WORK: Work = { doing: 'Exporting', unit: 'call', total: 1000 };

describe('the line of a bar', () => {
  test('says how much, how fast and how long still', () => {
    expect(progressText(WORK, 250, 5000, 80, false)).toBe(
      'Exporting  █████░░░░░░░░░░░░░░░   25%  250 of 1000 calls  50/s  15 s left',
    );
  });

  test('without a known end says how much and how fast', () => {
    const line = progressText({ ...WORK, total: null }, 1, 1000, 80, false);
    expect(line).toBe('Exporting  1 call  1/s');
  });

  test.each([80, 60, 40, 20, 10, 1])('fits into %i columns', (columns) => {
    for (const done of [0, 1, 999, 1000, 2000]) {
      expect(progressText(WORK, done, 100, columns, false).length).toBeLessThan(columns);
    }
  });

  test('is coloured only when asked', () => {
    expect(progressText(WORK, 500, 1000, 80, true)).toContain('\u001B[36m██████████\u001B[39m');
    expect(progressText(WORK, 500, 1000, 80, false)).not.toContain('\u001B');
  });
});

test('work that is interrupted ends at its next step, and gives the signal back', async () => {
  const before = process.listenerCount('SIGINT');
  const progress = startProgress(WORK, { status: null });
  const work = async (): Promise<never> => {
    for (;;) await progress.step(0);
  };
  process.emit('SIGINT');
  await expect(work()).rejects.toMatchObject({ code: 'INTERRUPTED' });
  progress.end();
  expect(process.listenerCount('SIGINT')).toBe(before);
});

/** A folder with a tape that takes some seconds to export. */
async function longTape(): Promise<string> {
  const folder = await emptyFolder();
  const items = Array.from({ length: 100 }, (_, id) => ({ id, name: `name of ${id}` }));
  const text = JSON.stringify({ items });
  const many = Array.from({ length: 30_000 }, () =>
    call('/a', { response: answer(200, 'OK', text) }),
  );
  await tapeWith(folder, many);
  return folder;
}

describe('a long export', () => {
  test('shows how far it is, in colour, and wipes that away', async () => {
    const run = inTerminal(['export', '--format', 'openapi', '-o', 'all.har'], await longTape());
    await run.says(' of 30000 calls');
    expect(await run.exit).toBe(0);
    expect(run.sent()).toContain('\u001B[36m');
    expect(run.sent()).toContain(`${WIPE}Wrote 30000 calls of calls.tape to all.har.\r\n`);
  });

  test('ends with 130 at Ctrl-C, and leaves no half file', async () => {
    const folder = await longTape();
    const run = inTerminal(['export', '--format', 'openapi', '-o', 'all.har'], folder, {
      NO_COLOR: '1',
    });
    await run.says(' of 30000 calls');
    run.press('\u0003');
    expect(await run.exit).toBe(130);
    expect(run.sent()).toContain(`${WIPE}calltape: Exporting was interrupted.\r\n`);
    expect(run.sent()).not.toContain('\u001B[36m');
    expect(existsSync(join(folder, 'all.har'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('says nothing of it without a terminal', async () => {
    const folder = await longTape();
    const { code, stderr } = await calltape(['export', '-o', 'all.har'], { cwd: folder });
    expect([code, stderr]).toEqual([0, 'Wrote 30000 calls of calls.tape to all.har.\n']);
    const text = await readFile(join(folder, 'all.har'), 'utf8');
    expect(JSON.parse(text).log.entries).toHaveLength(30_000);
  });
});
