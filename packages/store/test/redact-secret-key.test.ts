import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TapeError } from '../src/errors.ts';
import { loadSecretKey } from '../src/secret-key.ts';

let home: string;

beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), 'calltape-key-')), 'home');
  vi.stubEnv('CALLTAPE_HOME', home);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(join(home, '..'), { recursive: true, force: true });
});

function failure(): TapeError {
  try {
    loadSecretKey();
  } catch (error) {
    if (error instanceof TapeError) return error;
    throw error;
  }
  throw new Error('a key was loaded');
}

test('the key is made once, for this user only', async () => {
  const key = loadSecretKey();
  expect(key).toHaveLength(32);
  expect(loadSecretKey().equals(key)).toBe(true);
  expect(await readdir(home)).toEqual(['redaction.key']);
  if (process.platform === 'win32') return;
  expect((await stat(home)).mode & 0o777).toBe(0o700);
  expect((await stat(join(home, 'redaction.key'))).mode & 0o777).toBe(0o600);
});

test('without CALLTAPE_HOME it is in the home folder', async () => {
  vi.stubEnv('CALLTAPE_HOME', '');
  vi.stubEnv('HOME', home);
  vi.stubEnv('USERPROFILE', home);
  const key = loadSecretKey();
  expect(key.equals(await readFile(join(home, '.calltape', 'redaction.key')))).toBe(true);
});

test.skipIf(process.platform === 'win32')('a key that others can read is refused', async () => {
  loadSecretKey();
  const file = join(home, 'redaction.key');
  await chmod(file, 0o640);
  expect(failure()).toMatchObject({
    code: 'KEY_EXPOSED',
    message: `Failed to use the redaction key "${file}": its mode is 0640, so other users may know it. Run chmod 600 on it, or delete it to get a new one.`,
  });
  await chmod(file, 0o400);
  expect(loadSecretKey()).toHaveLength(32);
});

test('a file that is no key is refused', async () => {
  await mkdir(home);
  await writeFile(join(home, 'redaction.key'), 'short', { mode: 0o600 });
  expect(failure()).toMatchObject({ code: 'KEY_DAMAGED' });
  expect(failure().message).toContain('5 bytes instead of 32');
});

test('a place where no key can be is named', async () => {
  await writeFile(home, 'a file in the way');
  expect(failure()).toMatchObject({ code: 'KEY_UNAVAILABLE' });
  expect(failure().message).toContain('set CALLTAPE_HOME');
});

test('processes that start together agree on one key', async () => {
  const module = new URL('../src/secret-key.ts', import.meta.url).href;
  const script = `
    const { loadSecretKey } = await import(${JSON.stringify(module)});
    process.stdout.write('ready\\n');
    process.stdin.once('data', () => {
      process.stdout.write(loadSecretKey().toString('hex'));
      process.stdin.destroy();
    });`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const outputs = children.map(() => '');
  const ready = children.map(async (child, at) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => (outputs[at] += text));
    await once(child.stdout, 'data');
  });
  await Promise.all(ready);
  const ended = children.map((child) => once(child, 'close'));
  for (const child of children) child.stdin.write('go\n');
  await Promise.all(ended);
  const keys = new Set(outputs.map((text) => text.replace('ready\n', '')));
  expect([...keys]).toEqual([loadSecretKey().toString('hex')]);
});
