// The faults screen of the dashboard, at a mock that runs.

import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaveControlNote, startMock, type Mock } from '@calltape/mock';
import { openWriter, type TapeWriter } from '@calltape/store';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { User } from '../../dashboard/test/user.ts';
import { cellsOf } from '../../dashboard/test/width.ts';
import { mockOfTape } from '../src/mock-of-tape.ts';
import { call, tapeWith } from './tape-with-calls.ts';

const FAULTS = ['GET /a status=503 first=2', '* /b latency=1ms', 'GET /c reset p=0.5'];

let home: string;
let served: string;
let writer: TapeWriter;
let mock: Mock;

/** Leaves the note of a mock in this process, as the command line does. */
function note(place: { readonly url: string; readonly token: string } | null): () => void {
  const { url = '', token = '' } = place ?? {};
  const of = { pid: process.pid, tapes: ['/calls.tape'], served, startedAt: Date.now() };
  return leaveControlNote(home, { ...of, url, token });
}

/** Somebody at the faults screen. */
async function watcher(file = served): Promise<User> {
  const user = new User({ file, mock: mockOfTape(file) });
  user.press('5');
  await shows(user, /FAULTS|No mock/);
  return user;
}

async function shows(user: User, text: string | RegExp): Promise<void> {
  await vi.waitFor(() => expect(user.wait().look()).toMatch(text), { timeout: 8_000 });
}

/** Without the line that names a port and a time. */
function screenOf(user: User, columns: number, rows: number): string[] {
  const lines = user.lines(columns, rows);
  expect(lines.map(cellsOf)).toEqual(lines.map(() => columns));
  return lines.slice(1).map((line) => line.trimEnd());
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'calltape-faults-'));
  vi.stubEnv('CALLTAPE_HOME', home);
  const tape = await tapeWith(home, [call('/a'), call('/b')]);
  served = join(home, 'served.tape');
  writer = await openWriter(served, { name: 'served', source: 'mock' });
  mock = await startMock(tape, { faults: FAULTS, seed: 7, served: writer, control: { port: 0 } });
  for (const path of ['/a', '/a', '/a', '/b', '/nowhere', '/nowhere']) await fetch(mock.url + path);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await mock.close();
  await writer.close();
  await rm(home, { recursive: true, force: true });
});

test('shows the rules of the mock that writes the tape, and its misses', async () => {
  const takeAway = note(mock.control);
  const link = join(home, 'link');
  await symlink(home, link, 'junction');
  const user = await watcher(join(link, 'served.tape'));
  const above = [' FAULTS  ↯ 3 of 3 rules on   no profile   seed 7', ' ON   ID   SEEN STRUCK RULE'];
  const rules = [
    '▸[x]   1      3      2 GET /a status=503 first=2',
    ' [x]   2      1      1 * /b latency=1ms',
    ' [x]   3      0      0 GET /c reset p=0.5',
  ];
  const hints = ' 1 overview  2 calls  Space on/off  n new  P profile  R reset  ? help  q quit';
  const miss = ' 2 No recording answers GET /nowhere. The nearest one differs in path: recorded';
  expect(screenOf(user, 80, 24)).toEqual([
    ...above,
    ...rules,
    ...Array.from({ length: 15 }, () => ''),
    `─ MISSED 2, in the order of their first coming ${'─'.repeat(33)}`,
    `${miss.slice(0, 79)}…`,
    hints,
  ]);
  expect(screenOf(user, 200, 50)).toEqual([
    ...above,
    ...rules,
    ...Array.from({ length: 41 }, () => ''),
    `─ MISSED 2, in the order of their first coming ${'─'.repeat(153)}`,
    `${miss} /a, received /nowhere.`,
    hints,
  ]);
  takeAway();
  await shows(user, 'The mock that wrote this tape has ended.');
  user.session.close();
});

test('switches rules, takes new ones and profiles, and says what the mock refuses', async () => {
  const takeAway = note(mock.control);
  const user = await watcher();
  user.press('j', ' ');
  await shows(user, /✓ Rule 2 is off\. +\n[^]*▸\[ \] +2 /);
  expect(mock.faults.rules.map(({ on }) => on)).toEqual([true, false, true]);
  user.press('enter');
  await shows(user, '✓ Rule 2 is on.');
  user.press('n').type('POST /x status=500').press('enter');
  await shows(user, /✓ Added: POST \/x status=500 +\n[^]* \[x\] +4 +0 +0 POST \/x/);
  user.press('n').type('POST /x statsu=500').press('enter');
  await shows(user, /! Failed to read the fault rule[^]*did you mean status/);
  expect(user.press('P').type('f').look()).toMatch(/ profile: flaky +\n > f /);
  expect(user.press('enter').look()).toContain(' > f');
  user.type('laky').press('enter');
  await shows(user, /8 of 8 rules on {3}profile flaky[^]*✓ Profile flaky is in force/);
  user.press('P').type('none').press('enter');
  await shows(user, '4 of 4 rules on   no profile');
  expect((await fetch(`${mock.url}/a`)).status).toBe(200);
  user.press('R');
  await shows(user, /✓ Recordings play[^]*▸?\[x\] +1 +0 +0 GET \/a/);
  expect((await fetch(`${mock.url}/a`)).status).toBe(503);
  takeAway();
  user.session.close();
});

test('draws on while a mock hangs', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const takeAway = note({ url: `http://127.0.0.1:${port}`, token: 'any' });
  const user = new User({ file: served, mock: mockOfTape(served) }).press('5').wait();
  expect(user.look()).toContain('Looking for the mock');
  expect(user.press(' ', 'R', '1').look()).toContain('ENDPOINTS');
  user.press('5');
  await shows(user, /! The mock at \S+ did not answer within 2 s/);
  takeAway();
  user.session.close();
  silent.close();
});
