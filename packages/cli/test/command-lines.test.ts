// How a command is found, started and told of.

import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { nodeOptions } from '../src/environment/node-options.ts';
import { withVariables } from '../src/environment/variables.ts';
import { commandText } from '../src/running/command-text.ts';
import { findProgram } from '../src/running/find-program.ts';
import { startOf } from '../src/running/windows-command.ts';
import { emptyFolder } from './run-cli.ts';

const execute = promisify(execFile);

describe('the text of a command line', () => {
  test('reads as it would be typed', () => {
    expect(commandText(['sh', '-c', `echo "it's" $X`], true)).toBe(
      String.raw`sh -c 'echo "it'\''s" $X'`,
    );
    expect(commandText(['x'.repeat(600)], true)).toHaveLength(500);
  });

  test.each([
    [['a', '--password', 'S3cret']],
    [['a', '--client-secret=S3cret']],
    [['API_KEY=S3cret', 'a']],
    [['curl', '-H', 'Authorization: Bearer S3cret']],
    [['curl', '-H', 'X-Api-Key: S3cret']],
    [['curl', '-u', 'ada:S3cret']],
    [['curl', 'https://ada:S3cret@a.example/']],
    [['curl', 'https://a.example/?access_token=S3cret']],
  ])('%j shows no secret', (words) => {
    const text = commandText(words, false);
    expect(text).not.toContain('S3cret');
    expect(text).toContain(words[0]?.split('=')[0]);
  });

  test('what is no secret stays', () => {
    const words = ['git', 'clone', '--depth=1', 'https://a.example/x?page=2', '-u', 'origin'];
    expect(commandText(words, false)).toBe(
      "git clone --depth=1 'https://a.example/x?page=2' -u origin",
    );
  });
});

test.skipIf(process.platform === 'win32')('a program is looked for as a shell does', async () => {
  const folder = await emptyFolder();
  await mkdir(join(folder, 'tool'));
  for (const name of ['run', 'text']) await writeFile(join(folder, name), '#!/bin/sh\n');
  await chmod(join(folder, 'run'), 0o755);
  const find = (name: string): unknown =>
    findProgram(name, { PATH: `/nowhere:${folder}` }, 'linux');
  expect(find('run')).toEqual({ kind: 'found', file: join(folder, 'run') });
  expect(find('text')).toEqual({ kind: 'not-executable', file: join(folder, 'text') });
  expect(find('tool')).toEqual({ kind: 'missing' });
  expect(find('./run')).toEqual({ kind: 'missing' });
  expect(find(join(folder, 'run'))).toEqual({ kind: 'found', file: join(folder, 'run') });
});

test.skipIf(process.platform === 'win32')('on Windows the ending decides', async () => {
  const folder = await emptyFolder();
  for (const name of ['npm', 'npm.cmd']) {
    await writeFile(join(folder, name), '');
    await chmod(join(folder, name), 0o755);
  }
  const environment = { PATH: folder, PATHEXT: '.exe;.cmd' };
  const file = join(folder, 'npm.cmd');
  expect(findProgram('npm', environment, 'win32')).toEqual({ kind: 'found', file });
  expect(findProgram('npm.cmd', environment, 'win32')).toEqual({ kind: 'found', file });
});

describe('NODE_OPTIONS', () => {
  test('keeps what the user has there, and takes the preload once', () => {
    expect(nodeOptions('', '/a/p.cjs')).toBe('--require=/a/p.cjs');
    const both = nodeOptions('--no-warnings', '/a/p.cjs');
    expect(both).toBe('--require=/a/p.cjs --no-warnings');
    expect(nodeOptions(both, '/a/p.cjs')).toBe(both);
  });

  test('finds a preload in any folder', async () => {
    const folder = join(await emptyFolder(), 'a "b" c\\d');
    await mkdir(folder);
    const file = join(folder, 'preload.cjs');
    await writeFile(file, 'globalThis.loaded = true;');
    const env = { ...process.env, NODE_OPTIONS: nodeOptions('', file) };
    const { stdout } = await execute(process.execPath, ['-p', 'globalThis.loaded'], { env });
    expect(stdout).toBe('true\n');
  });
});

test('Windows is given each variable in one spelling', () => {
  const variables = new Map([
    ['HTTP_PROXY', 'new'],
    ['http_proxy', 'new'],
  ]);
  expect(withVariables({ Http_Proxy: 'old', Path: 'p' }, variables, 'win32')).toEqual({
    HTTP_PROXY: 'new',
    PATH: 'p',
  });
  expect(withVariables({ A: undefined, B: 'b' }, variables, 'linux')).toEqual({
    B: 'b',
    HTTP_PROXY: 'new',
    http_proxy: 'new',
  });
});

describe('on Windows', () => {
  test('an .exe is started as it is', () => {
    const start = startOf('C:\\node.exe', ['a b'], 'win32');
    expect(start).toEqual({ file: 'C:\\node.exe', args: ['a b'], verbatim: false });
  });

  test.each([
    ['C:\\npm.cmd', ['test'], 'C:\\npm.cmd ^"test^"'],
    ['C:\\x y\\npm.cmd', ['a b'], 'C:\\x^ y\\npm.cmd ^"a^ b^"'],
    [
      'C:\\npm.cmd',
      ['say "hi" & del %X%'],
      String.raw`C:\npm.cmd ^"say^ \^"hi\^"^ ^&^ del^ ^%X^%^"`,
    ],
    ['C:\\npm.cmd', ['end\\'], String.raw`C:\npm.cmd ^"end\\^"`],
    ['C:\\node_modules\\.bin\\tsc.cmd', ['a'], String.raw`C:\node_modules\.bin\tsc.cmd ^^^"a^^^"`],
  ])('a batch script runs within cmd.exe: %s %j', (file, args, line) => {
    expect(startOf(file, args, 'win32')).toEqual({
      file: 'cmd.exe',
      args: ['/d', '/s', '/c', `"${line}"`],
      verbatim: true,
    });
  });
});
