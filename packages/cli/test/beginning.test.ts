import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { calltape, emptyFolder, serve } from './run-cli.ts';

const ASKED = '--max-semi-space-size=8';
const PATHS = { '/a': { get: { responses: { 204: { description: 'None' } } } } };

async function commandLine(pid: number | undefined): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
}

async function recorder(nodeArgs: readonly string[], env: Record<string, string> = {}) {
  const cwd = await emptyFolder();
  return serve(['record', 'http://127.0.0.1:1', '--port', '0'], { cwd, nodeArgs, env });
}

describe.skipIf(process.platform !== 'linux')('a server begins with the memory it needs', () => {
  test('as the same process, which can still be stopped', async () => {
    const server = await recorder([]);
    const words = await commandLine(server.child.pid);
    expect(words.filter((word) => word === ASKED)).toHaveLength(1);
    expect((await server.stop('SIGINT')).code).toBe(0);
  });

  test('with the options that Node was given', async () => {
    const server = await recorder(['--no-warnings']);
    expect(await commandLine(server.child.pid)).toEqual(
      expect.arrayContaining([ASKED, '--no-warnings', 'record', '--port', '0']),
    );
  });

  test('which is less for a mock', async () => {
    const cwd = await emptyFolder();
    const description = { openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: PATHS };
    await writeFile(join(cwd, 'api.json'), JSON.stringify(description));
    const server = await serve(['mock', 'api.json', '--port', '0'], { cwd, nodeArgs: [] });
    const words = await commandLine(server.child.pid);
    expect(words.filter((word) => word.includes('semi-space'))).toEqual([
      '--max-semi-space-size=4',
    ]);
  });

  test.each([
    ['on the command line', ['--max-semi-space-size=32'], {}],
    ['in NODE_OPTIONS', [], { NODE_OPTIONS: '--max-semi-space-size=32' }],
  ])('unless the user chose %s', async (_, nodeArgs, env) => {
    const server = await recorder(nodeArgs, env);
    expect(await commandLine(server.child.pid)).not.toContain(ASKED);
  });

  test('and nothing of it reaches a recorded command', async () => {
    const script = 'console.log(JSON.stringify([process.execArgv, process.env.NODE_OPTIONS]))';
    const command = ['run', '--port', '0', '--', process.execPath, '-e', script];
    const { code, stdout } = await calltape(command, { cwd: await emptyFolder() });
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('semi-space')]);
  });
});
