import { truncate } from 'node:fs/promises';
import { screen } from '@calltape/dashboard';
import type { TapeWriter } from '@calltape/store';
import { afterEach, describe, expect, test } from 'vitest';
import { type CallParts, calls, finished, freshFile, record, tapeOf } from './tapes.ts';
import { type Size, Terminal } from './terminal.ts';

const SMALL: Size = { columns: 80, rows: 24 };
const LARGE: Size = { columns: 200, rows: 50 };
const STRIP: Size = { columns: 60, rows: 15 };
const TINY: Size = { columns: 40, rows: 5 };

const opened: Terminal[] = [];
const writers: TapeWriter[] = [];

function open(file: string, size = SMALL, environment: NodeJS.ProcessEnv = {}): Terminal {
  const terminal = new Terminal(['--tape', file], size, environment);
  opened.push(terminal);
  return terminal;
}

async function liveTape(): Promise<{ file: string; add: (parts: CallParts) => Promise<void> }> {
  const file = await freshFile('live.tape');
  const writer = await record(file);
  writers.push(writer);
  const add = (parts: CallParts): Promise<void> => {
    writer.finish(finished(parts));
    return writer.flush();
  };
  return { file, add };
}

afterEach(async () => {
  for (const terminal of opened.splice(0)) terminal.close();
  await Promise.all(writers.splice(0).map((writer) => writer.close()));
});

function someCalls(n: number, body = '{"ok":true}'): Promise<string> {
  return tapeOf(
    calls(n, (index) => ({
      url: `https://api.test/v1/${index % 3 === 0 ? 'charges' : 'customers'}?n=${index}`,
      status: index === 5 ? 503 : 200,
      body,
    })),
  );
}

describe('the dashboard in a terminal', () => {
  test('shows live figures, every screen and every way back', async () => {
    const { file, add } = await liveTape();
    const terminal = open(file);
    await terminal.shows('No calls on this tape yet.');
    expect(terminal.isFullScreen).toBe(true);
    expect(terminal.isCursorVisible).toBe(false);

    await add({ url: 'https://api.test/v1/first' });
    await terminal.shows(/live\.tape {2}1 call .*\n.*RATE/);
    await add({ url: 'https://api.test/v1/second', status: 503, fault: '* /** status=503' });
    await terminal.shows(/ENDPOINTS 2[^]*GET {4}\/v1\/second/);
    expect(terminal.text).toContain('↯ 1 altered by faults  1 failed');

    terminal.press('2');
    await terminal.shows(/▸.* ✗ 503 GET .*\/v1\/second .* ↯/);
    terminal.press('k');
    await terminal.shows(/▸.* ✓ 200 GET .*\/v1\/first/);
    terminal.press('j');
    await terminal.shows(/▸.*\/v1\/second/);
    terminal.press('\r');
    await terminal.shows(
      /GET https:\/\/api\.test\/v1\/second[^]*↯ altered by fault {2}\* \/\*\* status=503/,
    );
    terminal.press('\u001b');
    await terminal.shows(/▸.*\/v1\/second/);

    terminal.press('/');
    terminal.press('status:');
    terminal.press('nonsense(');
    await terminal.shows(/Failed to read filter[^]* \/ status:nonsense\(/);
    terminal.press('\u0015');
    terminal.press('ms>1');
    terminal.press(' first');
    await terminal.shows('/ ms>1 first');
    terminal.press('\r');
    await terminal.shows('1 of 2 calls');
    expect(terminal.text).not.toContain('/v1/second');

    terminal.press('?');
    await terminal.shows('keep the newest call in view');
    terminal.press('q');
    await terminal.shows('1 of 2 calls');

    terminal.press('p');
    await terminal.shows('PAUSED');
    await add({ url: 'https://api.test/v1/third/first' });
    await terminal.shows('1 new');
    expect(terminal.text).not.toContain('third');
    terminal.press('p');
    await terminal.shows('2 of 3 calls');
    expect(terminal.text).not.toContain('PAUSED');

    terminal.press('q');
    expect(await terminal.exit()).toBe(0);
  });

  test('is drawn right whatever size the terminal gets', async () => {
    const file = await someCalls(80);
    const terminal = open(file);
    const isRight = ({ columns, rows }: Size, view: 'overview' | 'calls'): Promise<void> => {
      const wanted = screen({ file, columns, rows, view }).join('\n').trimEnd();
      return terminal.until(({ text }) => text === wanted, `the ${view} at ${columns}x${rows}`);
    };
    await isRight(SMALL, 'overview');
    for (const size of [LARGE, SMALL, LARGE, STRIP, TINY, SMALL, { columns: 79, rows: 40 }]) {
      terminal.resize(size);
      await isRight(size, 'overview');
    }
    terminal.press('2');
    for (const size of [LARGE, STRIP, LARGE, SMALL]) {
      terminal.resize(size);
      await isRight(size, 'calls');
    }
    // Several sizes in one go, as while a window's edge is dragged.
    for (let columns = 81; columns < 100; columns += 1) terminal.resize({ columns, rows: 30 });
    terminal.resize(SMALL);
    terminal.press('\f');
    await isRight(SMALL, 'calls');
    terminal.press('1');
    await isRight(SMALL, 'overview');
  });

  test('draws where CI is set too, and lets no text that is pasted press a key', async () => {
    const terminal = open(await someCalls(3), SMALL, { CI: 'true' });
    await terminal.shows('ENDPOINTS 2');
    terminal.press('\u001b[200~2qq\u001b[201~');
    terminal.press('/\u001b[200~v1/charges\u001b[201~');
    await terminal.shows('/ v1/charges');
    terminal.press('\r');
    await terminal.shows('1 of 3 calls');
  });
});

describe('the terminal is as it was', () => {
  test.each([
    ['q', 'q'],
    ['ctrl-c', '\u0003'],
  ])('after %s', async (_name, keys) => {
    const terminal = open(await someCalls(3));
    await terminal.shows('ENDPOINTS 2');
    terminal.press(keys);
    expect(await terminal.exit()).toBe(0);
    expect(terminal.isFullScreen).toBe(false);
    expect(terminal.isCursorVisible).toBe(true);
    expect(terminal.text).toBe('');
  });

  test('after the tape fails while it is read, with one line that says so', async () => {
    const file = await someCalls(150, 'x'.repeat(40_000));
    const terminal = open(file);
    await terminal.shows('ENDPOINTS 2');
    await truncate(file, 16_384);
    terminal.press('2');
    terminal.press('g\r');
    expect(await terminal.exit()).toBeGreaterThan(0);
    expect(terminal.isFullScreen).toBe(false);
    expect(terminal.isCursorVisible).toBe(true);
    expect(terminal.text.replaceAll('\n', '')).toMatch(
      /^calltape: The tape ".*calls\.tape" could not be read any further \(SQLITE_\w+: .*\)\. Check .*\.$/,
    );
  });

  test('when there is no such tape', async () => {
    const file = await freshFile('missing.tape');
    const terminal = open(file);
    expect(await terminal.exit()).toBe(2);
    expect(terminal.isFullScreen).toBe(false);
    expect(terminal.text).toContain('There is no tape');
  });
});
