// calltape doctor with real clients, and with some that behave as badly as clients do.

import { once } from 'node:events';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { environmentFindings } from '../src/doctor/environment-checks.ts';
import type { Finding } from '../src/doctor/finding.ts';
import { findProgram } from '../src/running/find-program.ts';
import { calltape, emptyFolder, type RunOptions } from './run-cli.ts';

interface Examined {
  readonly code: number | null;
  readonly about: (subject: string) => Finding | undefined;
  readonly subjects: readonly string[];
}

/** A machine that has these programs only: links to real ones, or scripts. */
async function machineWith(programs: Readonly<Record<string, string | null>>): Promise<string> {
  const folder = await emptyFolder();
  for (const [name, script] of Object.entries(programs)) {
    const found = findProgram(name, process.env, process.platform);
    if (script !== null) await writeFile(join(folder, name), script, { mode: 0o755 });
    else if (found.kind === 'found') await symlink(found.file, join(folder, name));
  }
  return folder;
}

/** Whoever runs the tests may need a proxy, of which doctor would rightly speak. */
const NO_OTHER_PROXY = { HTTP_PROXY: '', http_proxy: '', HTTPS_PROXY: '', https_proxy: '' };

async function examine(options: RunOptions = {}, args: readonly string[] = []): Promise<Examined> {
  const env = { ...NO_OTHER_PROXY, ...options.env };
  const { code, stdout } = await calltape(['doctor', '--json', ...args], { ...options, env });
  const findings = stdout
    .trim()
    .split('\n')
    .map((line): Finding => JSON.parse(line));
  return {
    code,
    about: (subject) => findings.find((one) => one.subject === subject),
    subjects: findings.map(({ subject }) => subject),
  };
}

describe.skipIf(process.platform === 'win32')('calltape doctor', () => {
  test('tries the clients there are, and is content when all are recorded', async () => {
    const PATH = await machineWith({ curl: null });
    await symlink(process.execPath, join(PATH, 'node'));
    const { code, about } = await examine({ cwd: await emptyFolder(), env: { PATH } });
    expect(code).toBe(0);
    for (const subject of ['curl', 'node fetch', 'node https, own agent (stripe, twilio)']) {
      expect(about(subject)).toEqual({ subject, verdict: 'ok', message: 'recorded' });
    }
    expect(about('certificate')).toMatchObject({ verdict: 'ok' });
    expect(about('SQLite')?.message).toMatch(/^3\.\d+\.\d+$/);
    expect(about('git')).toBeUndefined();
  });

  test('says why a client is not recorded, and what to do', async () => {
    const PATH = await machineWith({
      curl: '#!/bin/sh\necho "curl: (6) Could not resolve host: x" >&2; exit 6\n',
      git: '#!/bin/sh\necho "fatal: server certificate verification failed" >&2; exit 128\n',
      python3: '#!/bin/sh\necho "ModuleNotFoundError: No module named \'x\'" >&2; exit 1\n',
      ruby: '#!/bin/sh\nexit 0\n',
    });
    const { code, about } = await examine({ cwd: await emptyFolder(), env: { PATH } });
    expect(code).toBe(1);
    expect(about('curl')).toEqual({
      subject: 'curl',
      verdict: 'problem',
      message: expect.stringMatching(/^not recorded: it does not look at the proxy variables; /),
    });
    expect(about('git')?.message).toMatch(/^not recorded: it does not trust calltape's certif/);
    expect(about('python3 requests')?.verdict).toBe('skipped');
    expect(about('python3 urllib')?.verdict).toBe('problem');
    expect(about('ruby net/http')?.message).toMatch(/^not recorded: /);
  });

  test('without a certificate authority it says so and tries nothing', async () => {
    const CALLTAPE_HOME = await emptyFolder();
    const PATH = await machineWith({ curl: null });
    const options = { cwd: await emptyFolder(), env: { PATH, CALLTAPE_HOME } };
    expect((await examine(options)).code).toBe(0);
    await chmod(join(CALLTAPE_HOME, 'ca.key'), 0o644);
    const { code, about, subjects } = await examine(options);
    expect(code).toBe(1);
    expect(about('certificate')).toMatchObject({ verdict: 'problem' });
    expect(subjects).not.toContain('curl');
  });

  test('looks at the tape and the port', async () => {
    const cwd = await emptyFolder();
    await mkdir(join(cwd, 'folder'));
    const other = createServer().listen(4880, '127.0.0.1');
    onTestFinished(() => {
      other.close();
    });
    // Whoever has the port, it is taken.
    await Promise.race([once(other, 'listening'), once(other, 'error')]);
    const PATH = await emptyFolder();
    const { code, about } = await examine({ cwd, env: { PATH } }, ['--tape', 'folder']);
    expect(code).toBe(1);
    expect(about('tape')).toMatchObject({ verdict: 'problem' });
    expect(about('port 4880')).toMatchObject({
      verdict: 'note',
      message: expect.stringContaining('is taken'),
    });
  });

  test('its table is for people', async () => {
    const { stdout, code } = await calltape(['doctor'], {
      cwd: await emptyFolder(),
      env: { ...NO_OTHER_PROXY, PATH: await emptyFolder() },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {7}Node\.js +\d+\.\d+\.\d+ runs calltape$/m);
  });
});

function verdicts(environment: Readonly<Record<string, string>>): unknown[] {
  return environmentFindings(environment).map(({ subject, verdict }) => [subject, verdict]);
}

describe('the environment', () => {
  test('is fine when it says nothing about calls', () => {
    expect(environmentFindings({ PATH: '/bin', NO_PROXY: '', HTTPS_PROXY: '' })).toEqual([]);
  });

  test('is looked at for what keeps calls from a recorder', () => {
    expect(verdicts({ NO_PROXY: 'a.example' })).toEqual([['NO_PROXY', 'note']]);
    expect(verdicts({ HTTPS_PROXY: 'http://proxy.corp:3128' })).toEqual([['HTTPS_PROXY', 'note']]);
    expect(verdicts({ NODE_OPTIONS: '--inspect' })).toEqual([['NODE_OPTIONS', 'note']]);
    expect(verdicts({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
      ['NODE_TLS_REJECT_UNAUTHORIZED', 'note'],
    ]);
    expect(verdicts({ CURL_CA_BUNDLE: '/no/such/file' })).toEqual([['CURL_CA_BUNDLE', 'problem']]);
  });

  test('says that this machine is left out, and nothing of a password', () => {
    const [local] = environmentFindings({ no_proxy: 'corp.example, localhost' });
    expect(local?.message).toContain('with this machine among them');
    const found = environmentFindings({ http_proxy: 'http://ada:secret@proxy.corp:3128' });
    expect(found[0]?.message).toContain('proxy.corp:3128');
    expect(JSON.stringify(found)).not.toContain('secret');
  });
});
