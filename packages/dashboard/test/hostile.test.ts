import { screen, snapshot } from '@calltape/dashboard';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openWriter } from '@calltape/store';
import { coloured } from '../src/theme.ts';
import { withoutColours } from './colours.ts';
import { finished } from './tapes.ts';
import { User } from './user.ts';
import { cellsOf } from './width.ts';

/** What each does to a terminal, or to a reader, when it is printed as it is. */
const HOSTILE = {
  'sets the clipboard': '\u001b]52;c;aGk=\u0007',
  'links elsewhere': '\u001b]8;;http://evil.test\u0007bank\u001b]8;;\u0007',
  'clears the screen': '\u001b[2J\u001b[H',
  'conceals text': '\u001b[8mhidden\u001b[0m',
  'asks the terminal': '\u001b[6n',
  'never ends': '\u001b]0;title',
  'is an 8-bit CSI': '\u009b2J',
  'rings and steps back': '\u0007\u0008\u0008',
  'overwrites its line': 'real\rfake',
  reorders: '\u202efdp.exe',
  isolates: '\u2066x\u2069',
  'takes no room': 'a\u200b\u200d\u2060\ufeffb',
  'picks an emoji': '\u2764\ufe0f 1\ufe0f\u20e3',
  'piles up marks': `e${'\u0301'.repeat(60)}`,
  'starts with a mark': '\u0301x',
  'is a family': '👨\u200d👩\u200d👧 👍🏽 🇫🇷',
  'is wide': '日本語 한국어',
  'breaks lines': 'one\u2028two\u2029three\u0085four\u000bfive',
  'is cut in half': '\ud83d',
  'is a tag': '\u{e0041}\u{e0042}',
} as const;

// All that may be in a line: no control, format, separator or private characters, nothing unassigned.
const INVISIBLE = /\p{C}|\p{Zl}|\p{Zp}|\u115f|\u1160|\u3164|\uffa0|\p{Variation_Selector}/u;

function expectHarmless(lines: readonly string[]): void {
  for (const line of lines) {
    expect(line).not.toMatch(INVISIBLE);
    expect(line).not.toMatch(/^\p{M}|\p{M}{3}/u);
  }
}

const files: Record<string, string> = {};

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-hostile-'));
  for (const [index, [name, text]] of Object.entries(HOSTILE).entries()) {
    const file = join(folder, `${index}.tape`);
    const recording = { name: text, source: 'proxy', listen: `http://${text}` } as const;
    const writer = await openWriter(file, recording, { redact: false });
    const call = finished({
      method: `GET${text}`,
      url: `https://api.test/${text}?q=${text}`,
      headers: [`X-${text}`, text],
      body: JSON.stringify({ [text]: text }) + text,
      type: `text/plain; ${text}`,
      fault: `* /${text} status=503`,
      status: 503,
    });
    if (call.response !== null) call.response.statusText = text;
    writer.finish(call);
    const failed = finished({ url: `https://${text}.test/`, error: text });
    failed.errorMessage = `it said ${text}`;
    failed.peerAddress = text;
    writer.finish(failed);
    await writer.close();
    files[name] = file;
  }
});

function fileOf(name: string): string {
  return files[name] ?? '';
}

test.each(Object.keys(HOSTILE))('text that %s is only text on every screen', (name) => {
  const user = new User({ file: fileOf(name) });
  for (const [columns, rows] of [
    [80, 24],
    [160, 40],
  ] as const) {
    user.lines(columns, rows);
    for (const keys of [['1'], ['2'], ['enter'], ['G'], ['escape', 'g', 'enter'], ['G'], ['?']]) {
      const lines = user.press(...keys).lines();
      expectHarmless(lines);
      expect(lines.map(cellsOf)).toEqual(lines.map(() => columns));
    }
  }
});

test.each(Object.keys(HOSTILE))('text that %s is only text in the report', (name) => {
  expectHarmless(snapshot({ file: fileOf(name) }).split('\n'));
});

test.each(Object.entries(HOSTILE))('text that %s is only text in the filter', (name, text) => {
  const user = new User({ file: fileOf(name) }).press('/');
  user.session.paste(text);
  expectHarmless(user.lines());
});

test('colours of the dashboard are the only escapes that reach the terminal', () => {
  const { session } = new User({ file: fileOf('conceals text') }).press('2', 'enter');
  const text = session.lines(80, 24, coloured).join('\n');
  expect(text).toContain('␛[8mhidden␛[0m');
  expectHarmless(withoutColours(text).split('\n'));
});

function shown(name: string): string {
  return screen({ file: fileOf(name), columns: 120, rows: 32, view: 'calls' }).join('\n');
}

test('what was hidden can be seen', () => {
  expect(shown('reorders')).toContain('‹202E›fdp.exe');
  expect(shown('clears the screen')).toContain('␛[2J␛[H');
  expect(shown('takes no room')).toContain('a‹200B›‹200D›‹2060›‹FEFF›b');
  expect(shown('is wide')).toContain('日本語');
});
