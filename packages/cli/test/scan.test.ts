import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newDraft, openWriter } from '@calltape/store';
import { expect, test } from 'vitest';
import { calltape, emptyFolder } from './run-cli.ts';

const SECRET = 'xoxb-123456789012-abcdefGHIJKL';

async function tapeOf(folder: string, redact: boolean): Promise<string> {
  const file = join(folder, `${redact ? 'clean' : 'leaky'}.tape`);
  const draft = newDraft('POST', 'https://api.example.com/login?token=query-secret-1');
  const body = Buffer.from('{"users":[{"password":"hunter2-horse"}]}');
  const answer = gzipSync(`{"note":"use ${SECRET}"}`);
  draft.headers = ['Content-Type', 'application/json', 'Authorization', 'Bearer abcdef-0815-4711'];
  draft.body = { pieces: [body], size: body.length, hash: null };
  draft.response = {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: ['Content-Encoding', 'gzip'],
    body: { pieces: [answer], size: answer.length, hash: null },
    trailers: [],
    interim: [],
    chunks: [],
  };
  draft.outcome = 'complete';
  const writer = await openWriter(file, { name: 'test', source: 'proxy' }, { redact });
  writer.finish(draft);
  await writer.close();
  return file;
}

test('a tape that was recorded without redaction', async () => {
  const file = await tapeOf(await emptyFolder(), false);
  const { code, stdout, stderr } = await calltape(['scan', file, '--json']);
  expect(code).toBe(1);
  const found = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const one = { file, call: 1, count: 1 };
  expect(found).toEqual([
    { ...one, kind: 'secret by its name', place: 'URL', hint: 'quer**********' },
    {
      ...one,
      kind: 'secret by its name',
      place: 'request header authorization',
      hint: 'abcd************',
    },
    {
      ...one,
      kind: 'secret by its name',
      place: 'request body /users/0/password',
      hint: 'hunt*********',
    },
    { ...one, kind: 'Slack token', place: 'response body /note', hint: `xoxb${'*'.repeat(26)}` },
  ]);
  expect(stderr).toContain('4 secrets');
  const table = await calltape(['scan', file]);
  for (const secret of [SECRET, 'hunter2-horse', 'query-secret-1', '0815-4711']) {
    expect(stdout + table.stdout).not.toContain(secret);
  }
  expect(table.stdout).toContain('Slack token');
});

test('placeholders are no secrets', async () => {
  const file = await tapeOf(await emptyFolder(), true);
  const { code, stdout, stderr } = await calltape(['scan', file]);
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toContain('no secrets');
});

test('HARs and other files', async () => {
  const folder = await emptyFolder();
  const file = await tapeOf(folder, false);
  const har = join(folder, 'a.har');
  await calltape(['export', '--tape', file, '-o', har]);
  const plain = join(folder, 'notes.txt');
  await writeFile(plain, `key: ${SECRET}\n`);
  const clean = join(folder, 'clean.txt');
  await writeFile(clean, 'nothing\n');
  const { code, stdout } = await calltape(['scan', har, plain, clean, '--json']);
  expect(code).toBe(1);
  const places = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ place }: { place: string }) => place);
  expect(places).toContain('response body /note');
  expect(places).toContain('byte 5');
  expect((await calltape(['scan', clean])).code).toBe(0);
  expect((await calltape(['scan', join(folder, 'none')])).code).toBe(2);
});

test('--redact replaces more, and refuses what it cannot read', async () => {
  const folder = await emptyFolder();
  const har = join(folder, 'a.har');
  await calltape(['export', '--tape', await tapeOf(folder, false), '-o', har]);
  const tape = join(folder, 'b.tape');
  const imported = await calltape(['import', har, '--tape', tape, '--redact', 'json:$.note']);
  expect(imported.code).toBe(0);
  const { stdout } = await calltape(['show', '1', '--tape', tape]);
  expect(stdout).not.toContain('"use ');
  expect(stdout).not.toContain('hunter2');
  const bad = await calltape(['import', har, '--tape', tape, '--redact', 'json:user']);
  expect(bad.code).toBe(2);
  expect(bad.stderr).toContain('"json:user" has to begin with json:$');
  const both = await calltape(['import', har, '--tape', tape, '--redact', 'form:a', '--no-redact']);
  expect(both.code).toBe(2);
  const none = await calltape(['import', har, '--tape', tape, '--no-redact']);
  expect(none.stderr).toContain('Warning: secrets are kept as they are');
});
