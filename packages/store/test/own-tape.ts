import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDraft, type CallDraft } from '@calltape/store';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';

/** Where a tape may be made, gone with the test. */
export function ownTape(): string {
  const folder = mkdtempSync(join(tmpdir(), 'calltape-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'calls.tape');
}

/** A finished call with the body given as its answer. */
export function finished(path: string, body: string | Buffer = '', ageMs = 0): CallDraft {
  const draft = newDraft('GET', `http://localhost${path}`);
  const bytes = Buffer.from(body);
  draft.startedAt -= ageMs;
  draft.outcome = 'complete';
  draft.response = {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: ['Content-Length', String(bytes.length)],
    body: { pieces: [bytes], size: bytes.length, hash: null },
    trailers: [],
    interim: [],
    chunks: [],
  };
  return draft;
}

/** Keeps others from writing to a tape until the function returned is called. */
export function lock(file: string): () => void {
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  return () => {
    other.exec('COMMIT');
    other.close();
  };
}

/** The first value of each row that a statement gives. */
export function ask(file: string, sql: string): unknown[] {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(sql).pluck().all();
  } finally {
    database.close();
  }
}
