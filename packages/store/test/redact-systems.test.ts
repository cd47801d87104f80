import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createRedactor, openTape, openWriter, redactExchange, scanFile } from '@calltape/store';
import type { CallDraft, WriterOptions } from '@calltape/store';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findSecrets } from './secret-search.ts';
import { secretCalls } from './secret-systems.ts';

async function folderWithKey(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-systems-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  vi.stubEnv('CALLTAPE_HOME', join(folder, 'home'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return folder;
}

async function record(
  file: string,
  drafts: readonly CallDraft[],
  options: WriterOptions = {},
): Promise<void> {
  const recording = {
    name: 'https://me:name-secret-1@x.example/?token=name-secret-2',
    source: 'proxy',
    upstream: 'https://me:name-secret-1@x.example',
  } as const;
  const writer = await openWriter(file, recording, { pendingAfterMs: 0, ...options });
  for (const draft of drafts) writer.begin(draft);
  await writer.flush();
  for (const draft of drafts) writer.finish(draft);
  await writer.flush();
  onTestFinished(() => writer.close());
}

const sha = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const calls = secretCalls();
const secrets = [...calls.flatMap((call) => call.secrets), 'name-secret-1', 'name-secret-2'];

test('no secret of any system is anywhere on a tape', async () => {
  const folder = await folderWithKey();
  const file = join(folder, 'a.tape');
  await record(
    file,
    calls.map(({ draft }) => draft),
  );
  // The recorder still runs: all is in the log beside the tape.
  expect(await findSecrets(folder, file, secrets)).toEqual([]);
  expect([...scanFile(file)].flat()).toEqual([]);
  const tape = openTape(file);
  const exchanges = [...tape.exchanges()];
  tape.close();
  expect(exchanges).toHaveLength(calls.length);
  exchanges.forEach(({ request, response }, at) => {
    const { body, response: answer } = calls[at]?.draft ?? {};
    expect(request.body.bytes).toHaveLength(body?.size ?? -1);
    expect(response?.body.wireSize ?? response?.body.size).toBe(answer?.body.size);
  });
});

test('without redaction all are there, and the search finds each', async () => {
  const folder = await folderWithKey();
  const file = join(folder, 'a.tape');
  const drafts = calls.map(({ draft }) => draft);
  await record(file, drafts, { redact: false });
  const found = await findSecrets(folder, file, secrets);
  for (const secret of secrets) expect(found.join()).toContain(secret);
  const findings = [...scanFile(file)].flat();
  const text = JSON.stringify(findings);
  for (const secret of secrets.filter(({ length }) => length > 8))
    expect(text).not.toContain(secret);
  const tape = openTape(file);
  const redactor = createRedactor(Buffer.alloc(32, 3));
  for (const [at, exchange] of [...tape.exchanges()].entries()) {
    const { system, secrets: own } = calls[at] ?? { system: '', secrets: [] };
    expect([system, findings.some(({ call }) => call === exchange.id)]).toEqual([system, true]);
    const clean = JSON.stringify(redactExchange(exchange, redactor), (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    for (const secret of own) expect(clean).not.toContain(secret);
  }
  tape.close();
});

test('a hash tells nothing of a body that had a secret', async () => {
  const folder = await folderWithKey();
  const file = join(folder, 'a.tape');
  const [first] = secretCalls();
  if (first === undefined) throw new Error('no calls');
  const { draft } = first;
  const whole = Buffer.concat(draft.response?.body.pieces ?? []);
  const cut = secretCalls()[0]?.draft;
  if (cut?.response === null || cut === undefined) throw new Error('no answer');
  cut.response.body = { pieces: [whole.subarray(0, 12)], size: whole.length, hash: sha(whole) };
  await record(file, [draft, cut]);
  const database = new Database(file, { readonly: true });
  const hashes = database.prepare<[], Buffer>('SELECT hash FROM body').pluck().all();
  database.close();
  expect(hashes.length).toBeGreaterThan(2);
  for (const hash of hashes) {
    expect(hash.equals(sha(whole))).toBe(false);
    for (const piece of draft.body.pieces) expect(hash.equals(sha(piece))).toBe(false);
  }
});

test('a secret path is not in the name of an endpoint', async () => {
  const folder = await folderWithKey();
  const file = join(folder, 'a.tape');
  const hooks = calls.filter(({ system }) => /webhook|Zapier|Telegram|proxy/.test(system));
  await record(
    file,
    hooks.map(({ draft }) => draft),
  );
  const tape = openTape(file);
  const names = tape.endpoints().map(({ origin, template }) => origin + template);
  tape.close();
  for (const { secrets: own } of hooks) {
    for (const secret of own) expect(names.join()).not.toContain(secret);
  }
});
