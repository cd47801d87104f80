import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDraft, openWriter } from '@calltape/store';
import type { CallDraft, DraftBody, DraftResponse, Outcome, Source } from '@calltape/store';
import { onTestFinished } from 'vitest';

/** One recorded call, as little of it as a test cares about. */
export interface Told {
  readonly method?: string;
  readonly url?: string;
  /** Flat. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
  /** True length of the request body where the tape has only its beginning. */
  readonly bodySize?: number;
  /** Flat; without it `content-length` is the length of the answer. */
  readonly answerHeaders?: readonly string[];
  readonly answer?: string | Uint8Array;
  /** True length of the answer where the tape has only its beginning. */
  readonly answerSize?: number;
  readonly noAnswer?: boolean;
  /** What else there is to say of the answer. */
  readonly response?: Partial<Omit<DraftResponse, 'headers' | 'body'>>;
  readonly outcome?: Outcome;
  readonly errorType?: string;
  /** Milliseconds since the Unix epoch; now when left out. */
  readonly startedAt?: number;
  readonly ttfbMs?: number;
  readonly durationMs?: number;
  readonly fault?: string;
}

const ORIGIN = 'https://api.example.com';

/** A directory that is gone when the test is over. */
export async function tempDir(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'calltape-mock-'));
  onTestFinished(async () => {
    await rm(directory, { recursive: true, force: true });
  });
  return directory;
}

function bodyOf(content: string | Uint8Array = '', size?: number): DraftBody {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const pieces = bytes.length === 0 ? [] : [bytes];
  if (size === undefined) return { pieces, size: bytes.length, hash: null };
  return { pieces, size, hash: hash('sha256', bytes, 'buffer') };
}

function responseOf(told: Told): DraftResponse {
  const body = bodyOf(told.answer, told.answerSize);
  return {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: told.answerHeaders ?? ['Content-Length', String(body.size)],
    trailers: [],
    interim: [],
    chunks: [],
    ...told.response,
    body,
  };
}

function draftOf(told: Told): CallDraft {
  const { method = 'GET', url = '/', errorType = null } = told;
  const draft = newDraft(method, url.startsWith('/') ? ORIGIN + url : url);
  draft.startedAt = told.startedAt ?? draft.startedAt;
  draft.headers = told.headers ?? [];
  draft.body = bodyOf(told.body, told.bodySize);
  draft.response = told.noAnswer === true ? null : responseOf(told);
  draft.outcome = told.outcome ?? 'complete';
  draft.errorType = errorType;
  draft.errorMessage = errorType;
  draft.ttfbMs = told.ttfbMs ?? 1;
  draft.durationMs = told.durationMs ?? 2;
  draft.fault = told.fault ?? null;
  return draft;
}

/** Makes a tape that holds these calls in this order. */
export async function makeTape(
  calls: readonly Told[],
  source: Source = 'proxy',
  directory?: string,
  redact = false,
  redactRules: readonly string[] = [],
): Promise<string> {
  const file = join(directory ?? (await tempDir()), 'calls.tape');
  const writer = await openWriter(file, { name: 'test', source }, { redact, redactRules });
  for (const told of calls) {
    const draft = draftOf(told);
    writer.begin(draft);
    writer.finish(draft);
  }
  await writer.close();
  return file;
}
