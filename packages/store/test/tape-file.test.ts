import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newDraft, openTape, openWriter, TapeError } from '@calltape/store';
import Database from 'better-sqlite3';
import { isAtLeast } from '../src/database.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calltape-'));
  file = join(folder, 'calls.tape');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const recording = { name: 'run', source: 'proxy' } as const;

async function makeTape(): Promise<void> {
  const writer = await openWriter(file, recording);
  const draft = newDraft('GET', 'https://api.example.com/v1/things');
  draft.outcome = 'error';
  draft.errorType = 'ECONNREFUSED';
  writer.begin(draft);
  writer.finish(draft);
  await writer.close();
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof TapeError ? error.code : String(error);
  }
  return undefined;
}

describe('files that are no tape are refused by name and left as they are', () => {
  test('a missing file', () => {
    expect(codeOf(() => openTape(file))).toBe('TAPE_NOT_FOUND');
  });

  test('a text file', async () => {
    writeFileSync(file, 'dear diary, today I called an API');
    expect(codeOf(() => openTape(file))).toBe('TAPE_NOT_A_TAPE');
    await expect(openWriter(file, recording)).rejects.toMatchObject({ code: 'TAPE_NOT_A_TAPE' });
    expect(readFileSync(file, 'utf8')).toBe('dear diary, today I called an API');
  });

  test('a folder', async () => {
    expect(codeOf(() => openTape(folder))).toBe('TAPE_NOT_A_TAPE');
    await expect(openWriter(folder, recording)).rejects.toMatchObject({ code: 'TAPE_NOT_A_TAPE' });
  });

  test('the SQLite file of another program', async () => {
    const other = new Database(file);
    other.exec('CREATE TABLE diary (line TEXT)');
    other.close();
    const before = readFileSync(file);
    expect(codeOf(() => openTape(file))).toBe('TAPE_NOT_A_TAPE');
    await expect(openWriter(file, recording)).rejects.toMatchObject({ code: 'TAPE_NOT_A_TAPE' });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a tape of a newer format', async () => {
    await makeTape();
    const database = new Database(file);
    database.pragma('user_version = 999');
    database.close();
    const before = readFileSync(file);
    expect(codeOf(() => openTape(file))).toBe('TAPE_NEWER');
    await expect(openWriter(file, recording)).rejects.toThrow(/format 999.*Update calltape/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a damaged tape', async () => {
    await makeTape();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 100, 16_384);
    writeFileSync(file, bytes);
    expect(codeOf(() => openTape(file))).toBe('TAPE_DAMAGED');
    await expect(openWriter(file, recording)).rejects.toMatchObject({ code: 'TAPE_DAMAGED' });
  });

  test('a folder that is not there', async () => {
    const nowhere = join(folder, 'no', 'calls.tape');
    await expect(openWriter(nowhere, recording)).rejects.toMatchObject({ code: 'TAPE_UNWRITABLE' });
  });
});

test('the tape is a WAL SQLite file of its owner alone, with its application id and views', async () => {
  await makeTape();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const database = new Database(file, { readonly: true });
  expect(database.pragma('application_id', { simple: true })).toBe(0x63746170);
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  const call = database.prepare('SELECT * FROM calls').get();
  expect(call).toEqual({
    id: 1,
    recording: 'run',
    started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    method: 'GET',
    url: 'https://api.example.com/v1/things',
    host: 'api.example.com',
    endpoint: '/v1/things',
    status: null,
    status_text: null,
    outcome: 'error',
    error_type: 'ECONNREFUSED',
    duration_ms: null,
    ttfb_ms: null,
    request_bytes: 0,
    response_bytes: null,
    source: 'proxy',
  });
  const endpoint = database.prepare('SELECT * FROM endpoints').get();
  expect(endpoint).toMatchObject({
    method: 'GET',
    origin: 'https://api.example.com',
    template: '/v1/things',
    calls: 1,
    errors: 1,
  });
  database.close();
});

test('views keep the millisecond of the start', async () => {
  const writer = await openWriter(file, recording);
  for (const startedAt of [1_700_000_000_000, 1_700_000_000_001, 1_700_000_059_999]) {
    const draft = newDraft('GET', 'http://localhost/');
    draft.startedAt = startedAt;
    draft.outcome = 'complete';
    writer.begin(draft);
    writer.finish(draft);
  }
  await writer.close();
  const database = new Database(file, { readonly: true });
  expect(database.prepare('SELECT started_at FROM calls ORDER BY id').pluck().all()).toEqual([
    '2023-11-14T22:13:20.000Z',
    '2023-11-14T22:13:20.001Z',
    '2023-11-14T22:14:19.999Z',
  ]);
  database.close();
});

test('what a killed recorder finished stays, and what it left open becomes interrupted', async () => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./killed-recorder.ts', import.meta.url)), file],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');

  const before = openTape(file);
  expect(before.count()).toBe(301);
  expect(before.calls({ limit: 1, order: 'desc' })[0]?.outcome).toBe('complete');
  expect(before.calls({ limit: 1 })[0]).toMatchObject({
    outcome: 'pending',
    url: 'http://localhost/hangs',
  });
  before.close();

  const writer = await openWriter(file, { name: 'next', source: 'proxy' });
  const after = openTape(file);
  expect(after.calls({ limit: 1 })[0]).toMatchObject({
    outcome: 'interrupted',
    errorType: 'RECORDER_DIED',
  });
  const [killed, next] = after.recordings();
  expect(killed?.endedAt).toEqual(expect.any(Number));
  expect(next?.endedAt).toBeNull();
  after.close();
  await writer.close();
  const database = new Database(file, { readonly: true });
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
});

test('two recorders that start on one new tape at once both record', async () => {
  const writers = await Promise.all([
    openWriter(file, { name: 'one', source: 'proxy' }),
    openWriter(file, { name: 'two', source: 'mock' }),
  ]);
  for (const writer of writers) {
    const draft = newDraft('GET', 'http://localhost/');
    draft.outcome = 'complete';
    writer.begin(draft);
    writer.finish(draft);
  }
  await Promise.all(writers.map((writer) => writer.close()));
  const tape = openTape(file);
  expect(
    tape
      .calls()
      .map((call) => call.recording)
      .toSorted(),
  ).toEqual(['one', 'two']);
  tape.close();
});

test.runIf(process.getuid?.() === 0)(
  'a tape in a folder that is read-only can be read',
  async () => {
    await makeTape();
    chmodSync(folder, 0o555);
    chmodSync(file, 0o444);
    const script = `import { openTape } from '@calltape/store';
    console.log(openTape(process.argv[1]).calls().length);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, file], {
      uid: 65_534,
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    });
    child.stdout.setEncoding('utf8');
    const [text] = await once(child.stdout, 'data');
    expect(text).toBe('1\n');
    await once(child, 'exit');
  },
);

test('readers leave nothing beside the tape', async () => {
  await makeTape();
  const tape = openTape(file);
  expect(tape.count()).toBe(1);
  tape.close();
  expect(readdirSync(folder)).toEqual(['calls.tape']);
});

test.each([
  ['3.51.3', true],
  ['3.54.1', true],
  ['4.0.0', true],
  ['3.51.2', false],
  ['3.9.9', false],
])('SQLite %s may write a tape: %s', (version, may) => {
  expect(isAtLeast(version, [3, 51, 3])).toBe(may);
});
