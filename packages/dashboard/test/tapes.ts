import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallDraft, newDraft, openWriter, type TapeWriter } from '@calltape/store';

/** A path for a tape in a folder of its own. */
export async function freshFile(name = 'calls.tape'): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), 'calltape-dashboard-')), name);
}

export interface CallParts {
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly body?: string;
  readonly type?: string;
  readonly headers?: readonly string[];
  readonly fault?: string;
  /** Instead of an answer: an error of this type. */
  readonly error?: string;
}

/** A finished call. */
export function finished(parts: CallParts = {}): CallDraft {
  const draft = newDraft(parts.method ?? 'GET', parts.url ?? 'https://api.test/v1/things');
  draft.startedAt = parts.startedAt ?? Date.now();
  draft.durationMs = parts.durationMs ?? 42;
  draft.headers = ['Host', 'api.test', 'Accept', '*/*'];
  draft.fault = parts.fault ?? null;
  if (parts.error !== undefined) {
    draft.outcome = 'error';
    draft.errorType = parts.error;
    draft.errorMessage = `it failed with ${parts.error}`;
    return draft;
  }
  const content = Buffer.from(parts.body ?? '{"ok":true}');
  draft.outcome = 'complete';
  draft.ttfbMs = draft.durationMs / 2;
  draft.timings = {
    ...draft.timings,
    send: 1,
    wait: draft.durationMs / 2,
    receive: draft.durationMs / 2 - 1,
  };
  draft.response = {
    status: parts.status ?? 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: ['Content-Type', parts.type ?? 'application/json', ...(parts.headers ?? [])],
    body: { pieces: [content], size: content.length, hash: null },
    trailers: [],
    interim: [],
    chunks: [],
  };
  return draft;
}

/** A writer whose recording stays live until it is closed. */
export function record(file: string, source: 'proxy' | 'mock' = 'proxy'): Promise<TapeWriter> {
  return openWriter(file, { name: 'test', source }, { redact: false, pendingAfterMs: 1 });
}

/** A finished tape with these calls. */
export async function tapeOf(
  parts: readonly CallParts[],
  source: 'proxy' | 'mock' = 'proxy',
): Promise<string> {
  const file = await freshFile();
  const writer = await record(file, source);
  for (const one of parts) writer.finish(finished(one));
  await writer.close();
  return file;
}

/** `n` calls, one every 100 ms, ending now. */
export function calls(n: number, parts: (index: number) => CallParts): CallParts[] {
  const from = Date.now() - n * 100;
  return Array.from({ length: n }, (_, index) => ({
    startedAt: from + index * 100,
    ...parts(index),
  }));
}
