// calltape env, evaluated by real shells where they are there.

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { shellLines, usualShell } from '../src/environment/shell-lines.ts';
import { BIN, calltape, emptyFolder, serve } from './run-cli.ts';

const execute = promisify(execFile);

const AWKWARD = `it's "quoted" \\ $HOME %PATH% \`x\` !y`;

/** The lines of a shell script, with the environment that it ends with on stdout. */
async function inShell(
  shell: string,
  script: string,
  change: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  const env = { PATH: process.env['PATH'] ?? '', CT: `${process.execPath} ${BIN}`, ...change };
  const { stdout } = await execute(shell, ['-c', `${script}; env -0`], { env });
  const pairs = stdout.split('\0').map((line): [string, string] => {
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)];
  });
  return new Map(pairs.filter(([name]) => !['_', 'SHLVL', 'PWD', 'OLDPWD', 'CT'].includes(name)));
}

describe.skipIf(process.platform === 'win32')('calltape env', () => {
  test.each(['bash', 'sh'])('sets up %s and brings back what was there', async (shell) => {
    const home = join(await emptyFolder(), 'home of \'o"ne\\two');
    await mkdir(home, { mode: 0o700 });
    const own = { CALLTAPE_HOME: home, NO_PROXY: AWKWARD, NODE_OPTIONS: '--no-warnings' };
    const before = await inShell(shell, 'true', own);
    const set = await inShell(shell, 'eval "$($CT env --quiet --port 4999)"', own);
    expect(Object.fromEntries(set)).toMatchObject({
      CALLTAPE_ACTIVE: '1',
      HTTP_PROXY: 'http://127.0.0.1:4999',
      https_proxy: 'http://127.0.0.1:4999',
      NO_PROXY: '127.0.0.1:4999',
      NODE_USE_ENV_PROXY: '1',
      NODE_OPTIONS: expect.stringMatching(/^--require=.+preload\.cjs"? --no-warnings$/),
      NODE_EXTRA_CA_CERTS: join(home, 'ca.pem'),
      SSL_CERT_FILE: join(home, 'ca-bundle.pem'),
    });
    expect(set.has('ALL_PROXY')).toBe(false);
    const twice = 'eval "$($CT env --quiet --all-proxy)"; eval "$($CT env --quiet --port 4999)"';
    expect(await inShell(shell, twice, own)).toEqual(set);
    const undone = 'eval "$($CT env --quiet)"; eval "$($CT env --unset)"';
    expect(await inShell(shell, undone, own)).toEqual(before);
  });

  test('the bundle holds all roots and the own one; files of the user stand in for the roots', async () => {
    const home = await emptyFolder();
    const env = { CALLTAPE_HOME: home, SSL_CERT_FILE: '', CURL_CA_BUNDLE: '' };
    await calltape(['env'], { env });
    const own = await readFile(join(home, 'ca.pem'), 'utf8');
    const bundle = await readFile(join(home, 'ca-bundle.pem'), 'utf8');
    expect(bundle).toContain(own.trim());
    expect(bundle.match(/BEGIN/g)?.length).toBeGreaterThan(100);
    const corporate = join(home, 'corporate.pem');
    await writeFile(corporate, own.replaceAll('M', 'N'));
    const { stdout } = await calltape(['env', '--json'], {
      env: { ...env, CURL_CA_BUNDLE: corporate, NODE_EXTRA_CA_CERTS: corporate },
    });
    const variables: Record<string, string> = JSON.parse(stdout);
    expect(variables['SSL_CERT_FILE']).toBe(join(home, 'ca-bundle.pem'));
    for (const name of ['CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS']) {
      const merged = await readFile(variables[name] ?? '', 'utf8');
      expect(merged).toBe(`${own.replaceAll('M', 'N').trim()}\n${own.trim()}\n`);
    }
  });

  test('a file of roots that cannot be read is told of, and the system stands in', async () => {
    const home = await emptyFolder();
    const missing = join(home, 'missing.pem');
    const { code, stdout, stderr } = await calltape(['env', '--json'], {
      env: { CALLTAPE_HOME: home, SSL_CERT_FILE: missing },
    });
    expect(code).toBe(0);
    expect(stderr).toContain(`The certificates in "${missing}", which your environment names,`);
    expect(JSON.parse(stdout).SSL_CERT_FILE).toBe(join(home, 'ca-bundle.pem'));
  });

  test('a recorder that is started in such a shell calls APIs itself', async () => {
    const { stdout } = await calltape(['env', '--json']);
    const env: Record<string, string> = JSON.parse(stdout);
    const recorder = await serve(['record', '--port', '0'], { cwd: await emptyFolder(), env });
    const { code, stderr } = await recorder.stop();
    expect(code).toBe(0);
    expect(stderr).not.toContain('Upstreams are reached through');
  });

  test('asks for the port of a recorder', async () => {
    const { code, stderr } = await calltape(['env', '--port', '0']);
    expect([code, stderr]).toEqual([
      2,
      'calltape: --port cannot be 0 here: name the port of the recorder.\n',
    ]);
  });
});

describe('the lines', () => {
  const variables = [
    ['A', `it's \\ 5%`],
    ['B', null],
  ] as const;

  test.each([
    ['bash', [String.raw`export A='it'\''s \ 5%'`, 'unset B']],
    ['zsh', [String.raw`export A='it'\''s \ 5%'`, 'unset B']],
    ['fish', [String.raw`set -gx A 'it\'s \\ 5%'`, 'set -e B']],
    [
      'powershell',
      [String.raw`$env:A = 'it''s \ 5%'`, 'Remove-Item Env:B -ErrorAction SilentlyContinue'],
    ],
    ['cmd', [String.raw`set "A=it's \ 5%%"`, 'set "B="']],
  ] as const)('for %s are quoted as it reads them', (shell, lines) => {
    expect(shellLines(shell, variables)).toEqual(lines);
  });

  test('no value begins a line of its own', () => {
    expect(shellLines('bash', [['A', 'one\nrm -rf x']])).toEqual(["export A='one rm -rf x'"]);
  });

  test('are for the shell in use', () => {
    expect(usualShell({ SHELL: '/usr/bin/fish' }, 'linux')).toBe('fish');
    expect(usualShell({ SHELL: '/bin/tcsh' }, 'linux')).toBe('bash');
    expect(usualShell({}, 'win32')).toBe('powershell');
  });
});
