// What stands beside a mock: its control API, the note that leads to it, and calltape faults.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { controlClient, controlNotes } from '@calltape/mock';
import { describe, expect, test } from 'vitest';
import { calltape, emptyFolder, serve, type Server } from './run-cli.ts';
import { runToEnd } from './run-program.ts';
import { standIn } from './stand-in.ts';
import { call, ORIGIN, tapeWith } from './tape-with-calls.ts';

interface Place {
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

async function place(): Promise<Place> {
  const cwd = await emptyFolder();
  const home = join(cwd, 'home');
  await tapeWith(cwd, [call('/a'), call('/b')]);
  return { cwd, home, env: { CALLTAPE_HOME: home } };
}

async function mockIn({ cwd, env }: Place, ...flags: string[]): Promise<Server> {
  const words = ['mock', 'calls.tape', '--port', '0', '--control-port', '0', ...flags];
  return serve(words, { cwd, env });
}

describe('a mock with --control-port', () => {
  test('prints where it is controlled and with what, and leaves a note for its user alone', async () => {
    const where = await place();
    const mock = await mockIn(where, '--served', 'served.tape', '--profile', 'down');
    await mock.says('Control API at ');
    const [note, ...more] = controlNotes(where.home);
    expect(more).toEqual([]);
    const file = join(where.home, 'control', `${mock.child.pid}.json`);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(note).toMatchObject({
      pid: mock.child.pid,
      tapes: [join(where.cwd, 'calls.tape')],
      served: join(where.cwd, 'served.tape'),
    });
    const client = controlClient(note?.url ?? '', note?.token ?? '');
    const { version, tapes } = await client.health();
    expect([version, tapes]).toEqual(['0.0.0', ['calls.tape']]);
    expect(await client.faults()).toMatchObject({ profile: 'down' });
    const { code, stderr } = await mock.stop();
    expect(code).toBe(0);
    expect(stderr).toContain(`Control API at ${note?.url}, token ${note?.token}`);
    expect(existsSync(file)).toBe(false);
  });

  test('says the same as JSON, in its one line', async () => {
    const where = await place();
    const mock = await mockIn(where, '--json', '--metrics-port', '0');
    const said: unknown = JSON.parse(mock.firstLine);
    const [note] = controlNotes(where.home);
    expect(said).toMatchObject({
      event: 'listening',
      control: { url: note?.url, token: note?.token },
      metrics: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/),
    });
    await mock.stop();
  });

  test('keeps the control API to this machine, wherever the mock itself listens', async () => {
    const where = await place();
    const mock = await mockIn(where, '--host', '0.0.0.0');
    expect(controlNotes(where.home)[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    await mock.stop();
  });

  test('does not start, and makes no tape, when the port is taken', async () => {
    const where = await place();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = String(typeof address === 'object' ? address?.port : '');
    const words = ['mock', 'calls.tape', '--port', '0', '--served', 's.tape'];
    const { code, stderr } = await calltape([...words, '--control-port', port], where);
    taken.close();
    expect(code).toBe(3);
    expect(stderr).toContain('another with --control-port');
    expect(existsSync(join(where.cwd, 's.tape'))).toBe(false);
  });
});

describe('notes', () => {
  test('of a mock that was killed, of nobody, and such as others could write do not count', async () => {
    const where = await place();
    const mock = await mockIn(where);
    const [note] = controlNotes(where.home);
    const folder = join(where.home, 'control');
    const text = readFileSync(join(folder, `${note?.pid}.json`), 'utf8');
    await writeFile(join(folder, '1.json'), 'null', { mode: 0o600 });
    await writeFile(join(folder, '2.json'), text.replace('127.0.0.1', 'evil.example'), {
      mode: 0o600,
    });
    if (process.platform !== 'win32')
      await writeFile(join(folder, '3.json'), text, { mode: 0o644 });
    expect(controlNotes(where.home)).toEqual([note]);
    await mock.stop('SIGKILL');
    expect(existsSync(join(folder, `${note?.pid}.json`))).toBe(true);
    expect(controlNotes(where.home)).toEqual([]);
    expect(readdirSync(folder)).not.toContain(`${note?.pid}.json`);
    expect(controlNotes(join(where.cwd, 'nowhere'))).toEqual([]);
  });
});

describe('calltape faults', () => {
  test('shows and changes what a running mock does', async () => {
    const where = await place();
    const mock = await mockIn(where, '--fault', '* /b status=500', '--seed', '7');
    const statusOf = async (path: string): Promise<number> => (await fetch(mock.url + path)).status;
    const faults = async (...words: string[]) => calltape(['faults', ...words], where);
    expect(await statusOf('/b')).toBe(500);
    const listed = await faults();
    expect(listed.stdout).toMatch(
      /^ID +ON +SEEN +STRUCK +RULE\n +1 +on +1 +1 +\* \/b status=500\n$/,
    );
    expect(listed.stderr).toContain('Seed 7');
    expect(await faults('off', '1')).toMatchObject({ code: 0 });
    expect(await statusOf('/b')).toBe(200);
    expect(await faults('add', 'GET /a status=503 first=1')).toMatchObject({ code: 0 });
    expect([await statusOf('/a'), await statusOf('/a')]).toEqual([503, 200]);
    expect(await faults('reset')).toMatchObject({ code: 0 });
    expect(await statusOf('/a')).toBe(503);
    const { stdout } = await faults('remove', '1', '--json');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([{ id: 2, text: 'GET /a status=503 first=1', on: true, seen: 1, fired: 1 }]);
    expect((await faults('profile', 'slow')).stdout).toContain('bandwidth=20kb/s');
    expect((await faults('profile', 'none')).stdout).not.toContain('bandwidth=20kb/s');
    const { stderr: said } = await mock.stop();
    expect(said).toContain('As it began, before its faults were changed: calltape mock calls.tape');
  });

  test('says what is wrong, and ends with 2', async () => {
    const where = await place();
    const refused = async (...words: string[]) => {
      const { code, stderr } = await calltape(['faults', ...words], where);
      return [code, stderr];
    };
    expect(await refused()).toEqual([2, expect.stringContaining('--control-port 0')]);
    const mock = await mockIn(where);
    expect(await refused('blow')).toEqual([2, expect.stringContaining('list, add, remove')]);
    expect(await refused('add')).toEqual([2, expect.stringContaining('further word')]);
    expect(await refused('list', 'x')).toEqual([2, expect.stringContaining('further word')]);
    expect(await refused('off', 'x')).toEqual([2, expect.stringContaining('no id')]);
    expect(await refused('off', '9')).toEqual([2, expect.stringContaining('no rule 9')]);
    expect(await refused('profile', 'x')).toEqual([2, expect.stringContaining('flaky')]);
    expect(await refused('add', '* /** nothing')).toEqual([2, expect.stringContaining('latency')]);
    const other = await mockIn(where);
    expect(await refused()).toEqual([2, expect.stringContaining('--pid')]);
    expect(await refused('--pid', String(other.child.pid))).toEqual([
      0,
      expect.stringContaining('No fault rule'),
    ]);
    await Promise.all([mock.stop(), other.stop()]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Asks for each URL as any program does that is run. */
const ASKER = `
for (const url of process.argv.slice(2)) {
  const response = await fetch(url);
  console.log(response.status, (await response.text()).includes('controlled or measured'));
}
`;

test('nobody reaches the control API or the figures through the mock, whatever it passes on', async () => {
  const { cwd } = await place();
  await mkdir(join(cwd, 'home'), { recursive: true });
  await writeFile(join(cwd, 'asker.mjs'), ASKER);
  const real = await standIn((_, response) => response.end('real'));
  const [control, metrics] = [await freePort(), await freePort()];
  const names = ['127.0.0.1', 'localhost', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]', '2130706433'];
  const urls = names.map((name) => `http://${name}:${control}/faults`);
  const mock = ['--mock', 'calls.tape', '--on-miss', 'passthrough'];
  const ports = ['--control-port', String(control), '--metrics-port', String(metrics)];
  const asked = [`${ORIGIN}/a`, real, ...urls, `http://127.0.0.1:${metrics}/metrics`];
  const command = ['--', process.execPath, 'asker.mjs', ...asked];
  const ran = await runToEnd([...mock, ...ports, ...command], cwd);
  const refused = Array.from({ length: names.length + 1 }, () => '403 true');
  expect(ran.stdout.toString().trim().split('\n')).toEqual(['200 false', '200 false', ...refused]);
  expect(ran.stderr).toContain(`Control API at http://127.0.0.1:${control}, token `);
});
