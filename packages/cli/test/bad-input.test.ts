// Whatever is wrong with what was typed or found: one sentence, the documented exit code, no stack
// trace, and nothing that was there has changed.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BIN, calltape, emptyFolder, type Finished, type RunOptions } from './run-cli.ts';
import { call, tapeWith } from './tape-with-calls.ts';

const NOBODY = 65_534;

function expectRefusal({ code, stdout, stderr }: Finished, exit: number, sentence: string): void {
  expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr).toMatch(/^calltape: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .+:\d+|Error:/);
}

/** Everything in a folder, as names and contents; not what SQLite puts beside a tape to read it. */
async function contents(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const own = names.filter((name) => !/-(?:shm|wal)$/.test(name));
  const hashes = own.toSorted().map(async (name) => {
    const bytes = await readFile(join(folder, name));
    return [name, createHash('sha256').update(bytes).digest('hex')];
  });
  return Object.fromEntries(await Promise.all(hashes));
}

/** Refused, and the folder it ran in is as it was. */
async function refused(
  folder: string,
  args: readonly string[],
  exit: number,
  sentence: string,
  options: RunOptions = {},
): Promise<void> {
  const before = await contents(folder);
  expectRefusal(await calltape(args, { cwd: folder, ...options }), exit, sentence);
  expect(await contents(folder)).toEqual(before);
}

function argumentsOf(command: string): string[] {
  if (command === 'record') return ['record', 'https://api.example.com', '--port', '0'];
  return command === 'import' ? ['import', 'a.har'] : [command];
}

describe('what is typed', () => {
  test.each([
    [['record', 'https://api.example.com', '--prot', '0'], 'did you mean --port?'],
    [['recrod', 'https://api.example.com'], 'did you mean calltape record?'],
    [['mock', '--port', 'http'], '--port cannot be "http"'],
    [['record', '--keep-host'], '--keep-host goes with a TARGET'],
    [['record', '--route', 'stripe=https://a.example'], '--route cannot be "stripe=https://a'],
    [['record', '--route', '/a=https://'], 'is not a URL'],
    [['record', '--route', '/a=http://a', '--route', '/a=http://b'], '--route /a is given twice'],
    [['record', 'api.example.com'], 'did you mean https://api.example.com?'],
    [['record', 'https://'], 'is not a URL'],
    [['record', 'https://api.example.com', '--ca', 'none.pem'], 'There is no file "none.pem"'],
    [['record', 'https://api.example.com', '--host', '192.0.2.1'], 'not an address of this'],
    [['record', 'http://a.example', '--only', 'status:5xxx'], '"status:5xxx" at character 8'],
    [['record', 'http://a.example', '--skip', 'id>5'], 'ids and bodies can be asked of a tape'],
    [['record', '--keep', 'week'], '--keep cannot be "week"'],
    [['record', '--keep', '0s'], '--keep cannot be 0'],
    [['record', '--keep-size', '10kb'], '--keep-size has to be 1mb or more'],
    [['record', '--keep-calls', '0'], '--keep-calls cannot be "0"'],
    [['record', '--on-overflow', 'wait'], '--on-overflow cannot be "wait"'],
    [['prune'], 'needs to know what may go'],
    [['prune', '--keep', '7d'], 'There is no tape "calls.tape"'],
    [['mock', '--fault', 'GET /a explode'], 'No kind of fault is called that'],
    [['mock', '--faults', 'none.yaml'], 'There is no file "none.yaml"'],
    [['mock', '--profile', 'flakey'], '--profile cannot be "flakey": expected one of flaky, slow'],
    [['mock', '--latency', 'slow'], 'latency "slow"'],
    [['mock', '--match', '-bdy'], 'Failed to read --match "-bdy"'],
    [['mock', '--ignore', 'json:a.b'], 'a JSON pointer begins with /: write json:/a/b'],
    [['mock', '--rules', 'none.json'], 'There is no file "none.json"'],
    [['show', 'twelve'], '"twelve" is not the number of a call'],
    [['show', '1', '--raw', '--curl'], '--raw and --curl do not go together'],
    [['show', '1', '--request', '--response'], '--request and --response do not go together'],
    [['drift', 'accept', '--follow'], 'does not go together with accept'],
    [['import', 'none.har'], 'There is no file "none.har"'],
  ])('%j', async (args, sentence) => {
    await refused(await emptyFolder(), args, 2, sentence);
  });

  test('with --json the refusal is JSON on stderr', async () => {
    const { code, stdout, stderr } = await calltape(['calls', '--json', '--tape', 'no.tape']);
    expect([code, stdout]).toEqual([2, '']);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'TAPE_NOT_FOUND', message: expect.stringContaining('no.tape') },
    });
  });
});

describe('the tape', () => {
  const READERS = ['calls', 'recordings', 'endpoints', 'dashboard', 'mock', 'export', 'show'];

  test.each(READERS)('%s without one', async (command) => {
    const args = command === 'show' ? ['show', '1'] : [command];
    await refused(await emptyFolder(), args, 2, 'There is no tape "calls.tape"');
  });

  test.each(['calls', 'mock', 'dashboard', 'record', 'import'])(
    '%s of a file that is none',
    async (command) => {
      const folder = await emptyFolder();
      await writeFile(join(folder, 'calls.tape'), 'my only copy of something else\n');
      await writeFile(join(folder, 'a.har'), '{"log":{"version":"1.2","entries":[]}}');
      await refused(folder, argumentsOf(command), 2, 'is not a tape');
    },
  );

  test.each(['calls', 'mock', 'record'])('%s of a newer calltape', async (command) => {
    const folder = await emptyFolder();
    const file = await tapeWith(folder, [call('/a')]);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 99');
    database.close();
    await writeFile(join(folder, 'a.har'), '{"log":{"version":"1.2","entries":[]}}');
    await refused(folder, argumentsOf(command), 2, 'made by a newer calltape');
  });

  test.each(['calls', 'record'])('%s of another program', async (command) => {
    const folder = await emptyFolder();
    const database = new DatabaseSync(join(folder, 'calls.tape'));
    database.exec('CREATE TABLE bookmark (url TEXT)');
    database.close();
    await writeFile(join(folder, 'a.har'), '{"log":{"version":"1.2","entries":[]}}');
    await refused(folder, argumentsOf(command), 2, 'another program');
  });

  test('that is damaged', async () => {
    const folder = await emptyFolder();
    const file = await tapeWith(
      folder,
      Array.from({ length: 500 }, (_, at) => call(`/a/${at}`)),
    );
    const bytes = await readFile(file);
    bytes.fill(0xa5, 1024);
    await writeFile(file, bytes);
    await refused(folder, ['calls'], 2, 'damaged');
  });

  test('that has no such call or recording', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a')]);
    await refused(folder, ['show', '99'], 2, 'There is no call 99 on calls.tape');
    await refused(folder, ['calls', '--recording', 'frist'], 2, 'did you mean "first"?');
    await refused(folder, ['calls', 'status:abc'], 2, 'status');
  });

  test('that is played and written at once', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a')]);
    const args = ['mock', 'calls.tape', '--served', './calls.tape'];
    await refused(folder, args, 2, 'that tape is being played');
  });
});

describe('a file', () => {
  test('is not replaced by an export without --force', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a')]);
    await writeFile(join(folder, 'mine.har'), 'mine');
    await refused(folder, ['export', '-o', 'mine.har'], 2, 'add --force');
    await refused(folder, ['export', '-o', 'no/mine.har'], 3, 'cannot be written (ENOENT)');
  });

  test.each([
    ['no JSON', 'log'],
    ['no HAR', '{"entries":[]}'],
    ['a broken entry', '{"log":{"version":"1.2","entries":[{"request":{}}]}}'],
  ])('with %s in it is imported neither alone nor beside a good one', async (_what, text) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'good.har'), '{"log":{"version":"1.2","entries":[]}}');
    await writeFile(join(folder, 'bad.har'), text);
    await refused(folder, ['import', 'good.har', 'bad.har'], 2, 'bad.har');
  });

  test('that holds no certificate is not trusted', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'ca.pem'), 'no certificate');
    const args = ['record', 'https://api.example.com', '--ca', 'ca.pem'];
    await refused(folder, args, 2, 'not a PEM file of certificates');
  });
});

describe('the machine', () => {
  test.each(['record', 'mock'])('has given the port of %s away', async (command) => {
    const folder = await emptyFolder();
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    if (command === 'mock') await tapeWith(folder, [call('/a')]);
    const target = command === 'mock' ? [] : ['https://api.example.com'];
    const args = [command, ...target, '--port', port];
    await refused(folder, args, 3, `Port ${port} on 127.0.0.1 is taken`);
  });

  test.skipIf(process.platform === 'win32')('does not let the folder be written', async () => {
    const folder = await emptyFolder();
    const locked = join(folder, 'locked');
    await mkdir(locked, { mode: 0o555 });
    await chmod(folder, 0o755);
    // Root may write everywhere, so the program runs as somebody else then.
    const uid = process.getuid?.() === 0 ? { uid: NOBODY } : {};
    const home = join(folder, 'home');
    await mkdir(home);
    await chmod(home, 0o777);
    const options = { ...uid, env: { CALLTAPE_HOME: home } };
    const args = ['record', 'https://api.example.com', '--port', '0'];
    await refused(locked, args, 3, 'does not allow it', options);
  });

  test.each(['12.22.12', '20.20.2', '24.18.0'])('has Node %s', async (version) => {
    const folder = await emptyFolder();
    const pretend =
      'Object.defineProperty(process, "versions", ' +
      `{ value: { ...process.versions, node: "${version}" } });`;
    const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
    const sentence = `Node 24.18.1 or newer is needed, and this is Node ${version}`;
    await refused(folder, ['calls'], 3, sentence, { nodeArgs });
  });

  const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find((file) => existsSync(file));
  test.skipIf(oldNode === undefined)('has another Node of its own', async () => {
    const { code, stderr } = await calltape(['--version'], { node: oldNode ?? '' });
    if (code !== 0) expect([code, stderr]).toEqual([3, expect.stringContaining('is needed')]);
  });

  test('has the program but not what it is built into', async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, 'bin'));
    await copyFile(BIN, join(folder, 'bin/calltape.js'));
    await copyFile(join(dirname(BIN), '../package.json'), join(folder, 'package.json'));
    const bin = join(folder, 'bin/calltape.js');
    expectRefusal(await calltape([], { bin }), 3, 'a part of the built program is missing');
  });
});
