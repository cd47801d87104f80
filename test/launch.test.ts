// The set-up that `npm start` and `npm test` begin with, in a workspace of its own with an npx that
// notes what it was asked.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const TSCONFIG = {
  compilerOptions: {
    composite: true,
    rootDir: 'src',
    outDir: 'dist',
    tsBuildInfoFile: 'dist/.tsbuildinfo',
  },
  include: ['src'],
};
const SCRIPT = `
  process.on('SIGTERM', () => process.exit(42));
  if (process.argv.includes('--wait')) { console.log('ready'); setInterval(() => {}, 1000); }
  else console.log(JSON.stringify(process.argv.slice(2)));
  process.exitCode = 7;
`;

interface Workspace {
  readonly root: string;
  /** How often npx was started. */
  readonly installs: () => Promise<number>;
  readonly launch: (args: readonly string[], npxExit?: string) => ReturnType<typeof spawn>;
}

async function workspace(): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'calltape launch '));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folders = ['scripts', 'packages/one/src', 'bin', 'node_modules/node/bin'];
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
  await copyFile(join(ROOT, 'scripts/launch.mjs'), join(root, 'scripts/launch.mjs'));
  await symlink(process.execPath, join(root, 'node_modules/node/bin/node'));
  await symlink(join(ROOT, 'node_modules/typescript'), join(root, 'node_modules/typescript'));
  await writeFile(join(root, 'scripts/job.ts'), SCRIPT);
  await writeFile(join(root, 'scripts/bundle-program.ts'), '');
  await writeFile(join(root, 'package.json'), '{}');
  await writeFile(join(root, 'packages/one/tsconfig.json'), JSON.stringify(TSCONFIG));
  await writeFile(join(root, 'packages/one/src/index.ts'), 'export const one = 1;\n');
  const npx = '#!/bin/sh\necho "$@" >> "$NPX_LOG"\necho "$NPX_SAYS"\nexit "${NPX_EXIT:-0}"\n';
  await writeFile(join(root, 'bin/npx'), npx, { mode: 0o755 });
  const log = join(root, 'npx.log');
  return {
    root,
    installs: async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1,
    launch: (args, npxSays = '') =>
      spawn(process.execPath, [join(root, 'scripts/launch.mjs'), ...args], {
        cwd: tmpdir(),
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          PATH: [join(root, 'bin'), process.env['PATH']].join(delimiter),
          NPX_LOG: log,
          NPX_SAYS: npxSays,
          NPX_EXIT: npxSays === '' ? '0' : '1',
        },
      }),
  };
}

async function ended(child: ReturnType<typeof spawn>) {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (piece: Buffer) => (texts.stdout += piece.toString()));
  child.stderr?.on('data', (piece: Buffer) => (texts.stderr += piece.toString()));
  const [code] = await once(child, 'close');
  return { code, ...texts };
}

test.skipIf(process.platform === 'win32')(
  'the first run installs and builds, the second is quiet, a changed package installs again',
  async () => {
    const { root, launch, installs } = await workspace();
    const first = await ended(launch(['scripts/job.ts', 'a b', '--c']));
    expect(first).toEqual({
      code: 7,
      stdout: '["a b","--c"]\n',
      stderr: 'set-up: installing the dependencies\nset-up: building the packages\n',
    });
    expect(await readFile(join(root, 'packages/one/dist/index.js'), 'utf8')).toContain('one = 1');
    expect(await ended(launch(['scripts/job.ts']))).toMatchObject({ code: 7, stderr: '' });
    expect(await installs()).toBe(1);
    await writeFile(join(root, 'packages/one/package.json'), '{"name":"one"}');
    await ended(launch(['scripts/job.ts']));
    expect(await installs()).toBe(2);
  },
);

test.skipIf(process.platform === 'win32')('a registry out of reach is one sentence', async () => {
  const { launch } = await workspace();
  const run = launch(
    ['scripts/job.ts'],
    'ERR_PNPM_META_FETCH_FAIL  GET https://x: getaddrinfo ENOTFOUND',
  );
  const { code, stdout, stderr } = await ended(run);
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(
    /^set-up: installing.*\nset-up: The dependencies could not be fetched.*\n$/,
  );
});

test.skipIf(process.platform === 'win32')(
  'any other failed install shows what pnpm said',
  async () => {
    const { launch, installs } = await workspace();
    const { code, stderr } = await ended(launch(['scripts/job.ts'], 'ERR_PNPM_OUTDATED_LOCKFILE'));
    expect([code, stderr]).toEqual([3, expect.stringContaining('ERR_PNPM_OUTDATED_LOCKFILE')]);
    await ended(launch(['scripts/job.ts']));
    expect(await installs()).toBe(2);
  },
);

test.skipIf(process.platform === 'win32')('packages that do not compile stop it', async () => {
  const { root, launch } = await workspace();
  await writeFile(join(root, 'packages/one/src/index.ts'), 'export const one: string = 1;\n');
  const { code, stdout, stderr } = await ended(launch(['scripts/job.ts']));
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('error TS2322');
});

test.skipIf(process.platform === 'win32')('signals reach the script', async () => {
  const { launch } = await workspace();
  const child = launch(['scripts/job.ts', '--wait']);
  const end = ended(child);
  if (child.stdout !== null) await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await end).toMatchObject({ code: 42 });
});
