import { spawn as spawnProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { expect, test } from 'vitest';

const START = fileURLToPath(new URL('../scripts/start.ts', import.meta.url));
const ALTERNATE_SCREEN_ON = '\u001b[?1049h';
const ALTERNATE_SCREEN_OFF = '\u001b[?1049l';

test('without a terminal the demo goes through, prints the report and ends well', async () => {
  const child = spawnProcess(process.execPath, [START], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = await once(child, 'close');
  expect({ code, said }).toMatchObject({ code: 0 });
  expect(said).toContain('14 calls on the tape, both APIs stopped');
  expect(said).toContain('all 14 results of the two clients are equal to the recorded ones');
  expect(said).toContain('/v1/customers: the client saw 503, 503, 200');
  expect(said).toContain('/api/auth.test: the client saw 429, 429, 200');
  expect(said).toContain('/v1/customers: the client saw error, 200');
  expect(said).toContain('latency ms');
  expect(said).toContain('GET /v1/customers status=503 p=0.15');
});

test('in a terminal the demo ends in the dashboard, and q leaves it', async () => {
  const { CI: _ci, ...env } = process.env;
  const child = spawn(process.execPath, [START], {
    cols: 80,
    rows: 24,
    name: 'xterm-256color',
    env,
  });
  let screen = '';
  let hasQuit = false;
  child.onData((data) => {
    screen += data;
    if (hasQuit || !/in flight/i.test(screen.split(ALTERNATE_SCREEN_ON)[1] ?? '')) return;
    hasQuit = true;
    child.write('q');
  });
  const exitCode = await new Promise<number>((resolve) => {
    child.onExit((exit) => resolve(exit.exitCode));
  });
  const [before, after] = screen.split(ALTERNATE_SCREEN_OFF);
  expect(before).toContain('[4/4] Watch');
  expect(after).toContain('The tapes are in');
  expect(exitCode).toBe(0);
});
