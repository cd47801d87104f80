// calltape run with real commands: what it hands through, what it hands back, what it keeps.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { inTerminal } from './in-terminal.ts';
import { BIN, calltape, emptyFolder } from './run-cli.ts';
import { callsOf, runToEnd, startRun, taped } from './run-program.ts';
import { standIn } from './stand-in.ts';

const NODE = process.execPath;

function hello(): Promise<string> {
  return standIn((_request, response) => response.end('hello'));
}

describe.skipIf(process.platform === 'win32')('calltape run', () => {
  test('records what a command calls, under its command line', async () => {
    const cwd = await emptyFolder();
    const api = await hello();
    const { code, stdout, stderr } = await runToEnd(['--', 'curl', '-sS', `${api}/a`], cwd);
    expect([code, stdout.toString()]).toEqual([0, 'hello']);
    expect(stderr).toMatch(
      /^listening http:\/\/127\.0\.0\.1:\d+\nRecorded 1 call on calls\.tape: 0 errors, 0 lost\.\n$/,
    );
    const { calls, recordings } = taped(cwd);
    expect(calls).toMatchObject([{ method: 'GET', url: `${api}/a`, status: 200 }]);
    expect(recordings).toMatchObject([
      {
        name: expect.stringMatching(/^curl -sS http:\/\/127\.0\.0\.1:\d+\/a@\d{4}-.+Z$/),
        command: `curl -sS ${api}/a`,
        source: 'proxy',
      },
    ]);
  });

  test('hands stdin and stdout through untouched', async () => {
    const bytes = randomBytes(300_000);
    const running = startRun(['--quiet', '--', 'cat'], await emptyFolder());
    running.write(bytes);
    running.child.stdin?.end();
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.equals(bytes)).toBe(true);
  });

  test.each([
    [['true'], 0],
    [['sh', '-c', 'exit 7'], 7],
    [['sh', '-c', 'kill -TERM $$'], 143],
    [['sh', '-c', 'kill -KILL $$'], 137],
  ])('%j ends it with %i', async (command, exit) => {
    const { code } = await runToEnd(['--quiet', '--', ...command], await emptyFolder());
    expect(code).toBe(exit);
  });

  test('a command that is not there, or not to be executed, is told of before a tape is made', async () => {
    const cwd = await emptyFolder();
    await writeFile(join(cwd, 'text'), 'no program\n', { mode: 0o644 });
    // Flags behind -- are the command's: the refusal is no JSON.
    const missing = await runToEnd(['--', 'no-such-program', '--json'], cwd);
    expect(missing).toMatchObject({
      code: 127,
      stderr:
        'calltape: There is no program "no-such-program" on your PATH: check its name behind --.\n',
    });
    const refused = await runToEnd(['--', './text'], cwd);
    expect(refused.code).toBe(126);
    expect(refused.stderr).toMatch(/^calltape: "\.\/text" cannot be executed: [^\n]+\n$/);
    expect(existsSync(join(cwd, 'calls.tape'))).toBe(false);
  });

  test('a script whose interpreter is not there cannot be executed either', async () => {
    const cwd = await emptyFolder();
    await writeFile(join(cwd, 'script'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const { code, stderr } = await runToEnd(['--quiet', '--', './script'], cwd);
    expect(code).toBe(126);
    expect(stderr).toMatch(/^calltape: "\.\/script" cannot be executed: [^\n]+\n$/);
  });

  test.each([
    [['npm', 'test', '--watch'], 'calltape run needs -- in front of the command to run'],
    [['--prot', '1', '--', 'true'], 'calltape run has no flag --prot: did you mean --port?'],
    [['--'], 'calltape run needs a COMMAND, as in: calltape run -- npm test'],
    [[], 'calltape run needs a COMMAND, as in: calltape run -- npm test'],
  ])('%j is refused with what to do', async (args, sentence) => {
    const { code, stdout, stderr } = await runToEnd(args, await emptyFolder());
    expect([code, stdout.length]).toEqual([2, 0]);
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^calltape: [^\n]+\n$/);
  });

  test('replaces the secrets of the command line', async () => {
    const cwd = await emptyFolder();
    const secrets = [
      'Tok3nTok3nTok3n',
      'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
      'passw0rd',
      'Qu3ry4Key',
    ];
    const words = ['--token', 'Tok3nTok3nTok3n', '--api-key=sk_live_4eC39HqLyjWDarjtT1zdp7dc'];
    const more = ['-u', 'me:passw0rd', 'https://a.example/?api_key=Qu3ry4Key'];
    await runToEnd(['--quiet', '--', 'echo', ...words, ...more], cwd);
    const [recording] = taped(cwd).recordings;
    expect(recording?.command).toMatch(/^echo --token \*{3} --api-key=\*{3} -u me:\*{3} 'http/);
    for (const secret of secrets) expect(JSON.stringify(recording)).not.toContain(secret);
  });

  test('--json makes its own words on stderr lines of JSON', async () => {
    const cwd = await emptyFolder();
    const { stdout, stderr } = await runToEnd(['--json', '--', 'echo', 'data'], cwd);
    expect(stdout.toString()).toBe('data\n');
    const events: unknown[] = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toEqual([
      { event: 'listening', url: expect.any(String), tape: 'calls.tape', pid: expect.any(Number) },
      {
        event: 'ended',
        exit_code: 0,
        calls: 0,
        errors: 0,
        lost: 0,
        dropped_bodies: 0,
        unread: [],
        failed: [],
      },
    ]);
  });

  test('calls to hosts in NO_PROXY are recorded, and it says so; --no-proxy leaves hosts out', async () => {
    const cwd = await emptyFolder();
    const api = await hello();
    const before = { NO_PROXY: '127.0.0.1,.corp.example' };
    const { stderr } = await runToEnd(['--', 'curl', '-sS', `${api}/a`], cwd, before);
    expect(stderr).toContain('NO_PROXY=127.0.0.1,.corp.example of your environment is left out');
    const direct = ['--no-proxy', '127.0.0.1', '--', 'curl', '-sS', `${api}/b`];
    expect((await runToEnd(direct, cwd, before)).stdout.toString()).toBe('hello');
    expect(callsOf(cwd)).toEqual([['GET', `${api}/a`, 200]]);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on, once', async (signal) => {
    const program = `
      const seen = [];
      for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => { seen.push(name); console.log('got', name); });
      process.stdin.on('data', () => { console.log(seen.join()); process.exit(9); });
      console.log('ready');`;
    const running = startRun(['--quiet', '--', NODE, '-e', program], await emptyFolder());
    await running.says('ready');
    running.child.kill(signal);
    await running.says(`got ${signal}`);
    running.write('enough\n');
    const { code, stdout } = await running.ended;
    expect([code, stdout.toString()]).toEqual([9, `ready\ngot ${signal}\n${signal}\n`]);
  });

  test('Ctrl-C in a terminal reaches the command once', async () => {
    const program = `
      let count = 0;
      process.on('SIGINT', () => { count += 1; console.log('interrupted'); });
      process.stdin.on('data', () => { console.log('times: ' + count); process.exit(4); });
      console.log('ready');`;
    const run = inTerminal(['run', '--', NODE, '-e', program], await emptyFolder());
    await run.says('ready');
    run.press('\u0003');
    await run.says('interrupted');
    run.press('x\r');
    await run.says('times: 1');
    await run.says('Recorded 0 calls');
    expect(await run.exit).toBe(4);
  });

  test('waits for a call that the command has left behind', async () => {
    const cwd = await emptyFolder();
    const arrived = Promise.withResolvers<() => void>();
    const api = await standIn((_request, response) => arrived.resolve(() => response.end('late')));
    const script = `curl -sS -o late.txt ${api}/slow & read line`;
    const running = startRun(['--', 'sh', '-c', script], cwd);
    const answer = await arrived.promise;
    running.write('go on\n');
    await running.says('listening');
    const { recordings } = taped(cwd);
    // Once the command has ended the recorder takes no new connections.
    const listen = recordings[0]?.listen ?? '';
    while (await accepts(listen)) await nextTurn();
    answer();
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(await readFile(join(cwd, 'late.txt'), 'utf8')).toBe('late');
    expect(callsOf(cwd)).toEqual([['GET', `${api}/slow`, 200]]);
  });

  test('--strict asks the command to end once a call cannot be kept', async () => {
    const cwd = await emptyFolder();
    const api = await standIn((_request, response) => response.end(randomBytes(400_000)));
    const loop = `while :; do curl -sS -o /dev/null ${api}; done`;
    const { code, stdout, stderr } = await calltape(['run', '--strict', '--', 'sh', '-c', loop], {
      cwd,
      shell: ['sh', '-c', 'ulimit -f 2000; exec "$@"', 'sh'],
    });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('could not be kept');
  });

  test('a run within a run takes nothing of the other for the user’s own', async () => {
    const cwd = await emptyFolder();
    const api = await hello();
    const program = 'console.log(JSON.stringify(process.env))';
    const own = { NODE_OPTIONS: '--no-warnings', NODE_EXTRA_CA_CERTS: '' };
    const outer = await runToEnd(['--quiet', '--', NODE, '-e', program], cwd, own);
    const inner = [
      NODE,
      BIN,
      'run',
      '--quiet',
      '--',
      'sh',
      '-c',
      `${NODE} -e '${program}'; curl -sS ${api}/a`,
    ];
    const twice = await runToEnd(['--quiet', '--tape', 'outer.tape', '--', ...inner], cwd, own);
    const [first, second] = [outer, twice].map(({ stdout }) => {
      const env: Record<string, string> = JSON.parse(stdout.toString().split('\n')[0] ?? '');
      return [env['NODE_OPTIONS'], env['SSL_CERT_FILE'], env['NODE_EXTRA_CA_CERTS']];
    });
    expect(second).toEqual(first);
    expect(first?.[0]).toMatch(/^--require=\S+preload\.cjs --no-warnings$/);
    expect(callsOf(cwd)).toEqual([['GET', `${api}/a`, 200]]);
  });
});

async function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const open = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return open;
}
