import { screen, snapshot } from '@calltape/dashboard';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CallDraft, openWriter } from '@calltape/store';
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

const TEXTS: readonly string[] = Object.values(HOSTILE);
const ALL = TEXTS.join('|');

let file: string;

function answered(text: string): CallDraft {
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
  return call;
}

function failed(text: string): CallDraft {
  const call = finished({ url: `https://${text}.test/`, error: text });
  call.errorMessage = `it said ${text}`;
  call.peerAddress = text;
  return call;
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-hostile-'));
  file = join(folder, 'hostile.tape');
  const recording = { name: ALL, source: 'proxy', listen: `http://${ALL}` } as const;
  const writer = await openWriter(file, recording, { redact: false });
  for (const text of TEXTS) {
    writer.finish(answered(text));
    writer.finish(failed(text));
  }
  await writer.close();
});

function expectDrawn(user: User): void {
  const lines = user.lines();
  expectHarmless(lines);
  expect(lines.map(cellsOf)).toEqual(lines.map(() => user.columns));
}

describe.each([
  [80, 24],
  [160, 40],
])('hostile text is only text at %i x %i', (columns, rows) => {
  test('in every list', () => {
    const user = new User({ file });
    user.lines(columns, rows);
    for (const key of ['1', 'j', 'G', '2', 'g', '?']) expectDrawn(user.press(key));
  });

  test('in every call, from top to bottom', () => {
    const user = new User({ file });
    user.lines(columns, rows);
    user.press('2', 'g', 'enter');
    for (const id of TEXTS.flatMap((_, at) => [2 * at + 1, 2 * at + 2])) {
      expect(user.look()).toContain(`call ${id} `);
      expectDrawn(user);
      expectDrawn(user.press('G'));
      user.press('n');
    }
  });
});

test('hostile text is only text in the report', () => {
  expectHarmless(snapshot({ file }).split('\n'));
});

test.each(Object.entries(HOSTILE))('text that %s is only text in the filter', (_name, text) => {
  const user = new User({ file }).press('/');
  user.session.paste(text);
  expectHarmless(user.lines());
});

test('colours of the dashboard are the only escapes that reach the terminal', () => {
  const { session } = new User({ file }).press('2');
  expectHarmless(withoutColours(session.lines(200, 50, coloured).join('\n')).split('\n'));
});

test('what was hidden can be seen', () => {
  const text = screen({ file, columns: 160, rows: 50, view: 'calls' }).join('\n');
  expect(text).toContain('‹202E›fdp.exe');
  expect(text).toContain('␛[2J␛[H');
  expect(text).toContain('a‹200B›‹200D›‹2060›‹FEFF›b');
  expect(text).toContain('日本語');
});
