// export to each format and import of each kind of file, as a shell sees them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncate, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { openTape } from '@calltape/store';
import { describe, expect, test } from 'vitest';
import { BIN, calltape, emptyFolder, serve, type Finished } from './run-cli.ts';
import { answer, call, ORIGIN, tapeWith, tapeWithMessages } from './tape-with-calls.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');

async function ok(args: readonly string[], cwd: string): Promise<Finished> {
  const finished = await calltape(args, { cwd });
  expect(finished).toMatchObject({ code: 0 });
  return finished;
}

async function rows(cwd: string, tape = 'calls.tape'): Promise<Record<string, unknown>[]> {
  const { stdout } = await ok(['calls', '--json', '--tape', tape], cwd);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

describe('export', () => {
  test.each([
    ['har', (text: string) => JSON.parse(text).log.entries.length],
    ['nock', (text: string) => JSON.parse(text).length],
    ['wiremock', (text: string) => JSON.parse(text).mappings.length],
    ['openapi', (text: string) => Object.keys(JSON.parse(text).paths).length],
    ['curl', (text: string) => text.match(/^curl /gm)?.length],
  ])('--format %s to stdout and to a file, filtered', async (format, count) => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), call('/b'), call('/c')]);
    const args = ['export', '--format', format, '-path:/c'];
    const { stdout, stderr } = await ok(args, folder);
    expect([count(stdout), stderr]).toEqual([2, '']);
    const written = await ok([...args, '-o', 'out'], folder);
    expect(written.stderr).toBe('Wrote 2 calls of calls.tape to out.\n');
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe(stdout);
    expect(await calltape([...args, '-o', 'out'], { cwd: folder })).toMatchObject({ code: 2 });
  });

  test('says what a format cannot say', async () => {
    const folder = await emptyFolder();
    const failed = call('/b', { response: null, outcome: 'error', errorType: 'UPSTREAM_DNS' });
    await tapeWith(folder, [call('/a'), failed, call('/c', { method: 'PURGE' })]);
    const nock = await ok(['export', '--format', 'nock', '-o', 'a.json'], folder);
    expect(nock.stderr).toBe(
      'Left out 1 call: no whole answer.\nWrote 2 calls of calls.tape to a.json.\n',
    );
    const openapi = await ok(['export', '--format', 'openapi', '-o', 'b.json'], folder);
    expect(openapi.stderr).toContain('Left out 1 call: a method that OpenAPI does not know.\n');
  });

  test('gives no message away that it cannot search for secrets, unless told to', async () => {
    const folder = await emptyFolder();
    const response = answer(101, 'Switching Protocols', '');
    const sealed = Buffer.from('sk_live_abcdefgh12345678');
    const options = { redact: false, deflated: true };
    await tapeWithMessages(
      folder,
      call('/chat', { response }),
      [['sent', 'text', sealed]],
      options,
    );
    const held = [sealed.toString(), sealed.toString('base64')];
    const { stdout } = await ok(['export'], folder);
    expect(held.some((text) => stdout.includes(text))).toBe(false);
    const plain = await ok(['export', '--no-redact'], folder);
    expect(held.some((text) => plain.stdout.includes(text))).toBe(true);
  });

  test('redacts what was recorded with its secrets, unless told not to', async () => {
    const folder = await emptyFolder();
    const secret = call('/a?api_key=abcdefgh12345678', {
      headers: ['Authorization', 'Bearer sk_live_abcdefgh12345678'],
    });
    await tapeWith(folder, [secret, call('/plain')], 'with secrets', false);
    for (const format of ['har', 'curl', 'nock', 'openapi']) {
      const { stdout, stderr } = await ok(['export', '--format', format], folder);
      expect(stdout).not.toMatch(/abcdefgh12345678/);
      expect(stderr).toBe(
        'Replaced 2 secrets in 1 call by placeholders (--no-redact keeps them).\n',
      );
    }
    const plain = await ok(['export', '--format', 'curl', '--no-redact'], folder);
    expect(plain.stdout).toContain('Bearer sk_live_abcdefgh12345678');
    expect(plain.stderr).toBe('');
  });

  test('leaves placeholders as they are on the tape', async () => {
    const folder = await emptyFolder();
    const headers = ['Authorization', 'Bearer sk_live_abcdefgh12345678'];
    await tapeWith(folder, [call('/a', { headers })]);
    const { stdout, stderr } = await ok(['export'], folder);
    expect([stdout, stderr]).toEqual([(await ok(['export', '--no-redact'], folder)).stdout, '']);
  });
});

describe('import', () => {
  test('counts what is no call of a browser', async () => {
    const folder = await emptyFolder();
    const file = join(FIXTURES, 'har/chrome.har');
    const { stderr } = await ok(['import', file], folder);
    expect(stderr).toBe(
      `Imported 2 calls of ${file} as recording chrome.\n` +
        `Left out of ${file}: 1 data: URL, 1 blob: URL.\n`,
    );
  });

  test('takes what was exported for nock', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), call('/b', { response: answer(404, 'No', 'none') })]);
    await ok(['export', '--format', 'nock', '-o', 'calls.json'], folder);
    await ok(['import', 'calls.json', '--tape', 'new.tape'], folder);
    expect(await rows(folder, 'new.tape')).toMatchObject([
      { url: `${ORIGIN}/a`, status: 200, source: 'nock', recording: 'calls', response_bytes: 21 },
      { url: `${ORIGIN}/b`, status: 404 },
    ]);
  });

  test('takes an OpenAPI description, whose templates its endpoints keep', async () => {
    const folder = await emptyFolder();
    const responses = {
      '200': { description: '', content: { 'text/plain': { example: 'hi' } } },
      '404': { description: '' },
    };
    const document = {
      openapi: '3.1.0',
      servers: [{ url: ORIGIN }],
      paths: { '/users/{name}': { get: { responses } }, '/me': { get: { responses } } },
    };
    await writeFile(join(folder, 'api.json'), JSON.stringify(document));
    const { stderr } = await ok(['import', 'api.json', '--tape', 'api.tape'], folder);
    expect(stderr).toBe(
      'Imported 2 calls of api.json as recording api.\n' +
        'Imported 2 calls of api.json as recording api-others.\n',
    );
    await ok(['import', 'api.tape', '--tape', 'copy.tape'], folder);
    expect(await rows(folder, 'copy.tape')).toMatchObject([
      { endpoint: '/users/{name}', status: 200, source: 'openapi', recording: 'api' },
      { url: `${ORIGIN}/me`, status: 200 },
      { endpoint: '/users/{name}', status: 404, recording: 'api-others' },
      { url: `${ORIGIN}/me`, status: 404 },
    ]);
    const mock = await serve(['mock', 'copy.tape', '--port', '0'], { cwd: folder });
    // Of the answers to the same request those that were chosen are played.
    for (const _ of [1, 2]) expect(await (await fetch(`${mock.url}/me`)).text()).toBe('hi');
  });

  test('copies another tape, recording by recording, with its bodies', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a'), call('/b')], 'one');
    await tapeWith(folder, [call('/c')], 'two');
    const { stderr } = await ok(['import', 'calls.tape', '--tape', 'copy.tape'], folder);
    expect(stderr).toBe(
      'Imported 2 calls of calls.tape as recording one.\n' +
        'Imported 1 call of calls.tape as recording two.\n',
    );
    expect(await rows(folder, 'copy.tape')).toEqual(await rows(folder));
    const har = async (tape: string): Promise<string> =>
      (await ok(['export', '--tape', tape], folder)).stdout;
    expect(await har('copy.tape')).toBe(await har('calls.tape'));
  });

  test('refuses a tape into itself, and what is too large to be read', async () => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a')]);
    const self = await calltape(['import', './calls.tape'], { cwd: folder });
    expect(self).toMatchObject({ code: 2, stderr: expect.stringContaining('is the tape itself') });
    await writeFile(join(folder, 'big.har'), '');
    await truncate(join(folder, 'big.har'), 300 * 1024 ** 2);
    const big = await calltape(['import', 'big.har'], { cwd: folder });
    expect(big).toMatchObject({ code: 2, stderr: expect.stringContaining('it has 300.0 MB') });
    expect(await rows(folder)).toHaveLength(1);
  });

  test.each([
    ['a.har', '{"log":{"entries":[{}]}}', 'HAR "a.har": /log/entries/0/request is missing'],
    ['a.har', '{"log":', 'HAR "a.har": the top level is not JSON'],
    ['a.json', '[{"scope":"http://a"}]', 'nock JSON "a.json": /0/method is missing'],
  ])('%s with %s: names the place, and imports none', async (name, text, message) => {
    const folder = await emptyFolder();
    await tapeWith(folder, [call('/a')]);
    await writeFile(join(folder, name), text);
    const good = join(FIXTURES, 'har/safari.har');
    const { code, stderr } = await calltape(['import', good, name], { cwd: folder });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(await rows(folder)).toHaveLength(1);
  });

  test('that is interrupted leaves nothing', async () => {
    const folder = await emptyFolder();
    const many = Array.from({ length: 40_000 }, (_, at) => call(`/a?n=${at}`));
    await tapeWith(folder, many);
    await ok(['import', join(FIXTURES, 'har/safari.har'), '--tape', 'new.tape'], folder);
    const before = await rows(folder, 'new.tape');
    const args = ['import', 'calls.tape', '--tape', 'new.tape'];
    const child = spawn(process.execPath, [BIN, ...args], { cwd: folder });
    const closed = once(child, 'close');
    const tape = openTape(join(folder, 'new.tape'));
    while (tape.recordings().length < 2) while (!tape.changed()) await turn();
    tape.close();
    child.kill('SIGINT');
    expect(await closed).toEqual([130, null]);
    expect(await rows(folder, 'new.tape')).toEqual(before);
    const { stdout } = await ok(['recordings', '--tape', 'new.tape', '--json'], folder);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });
});
