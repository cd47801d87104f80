import { join } from 'node:path';
import {
  newDraft,
  openWriter,
  type CallDraft,
  type DraftResponse,
  type MessageDirection,
  type MessageKind,
} from '@calltape/store';

export const ORIGIN = 'https://api.example.com';
const STARTED_AT: number = Date.UTC(2026, 10, 24, 3, 48, 28, 123);

/** A finished call; `change` makes it another one. */
export function call(path: string, change: Partial<CallDraft> = {}): CallDraft {
  return {
    ...newDraft('GET', ORIGIN + path),
    startedAt: STARTED_AT,
    headers: ['Accept', 'application/json'],
    response: answer(200, 'OK', '{"id":1,"name":"Ada"}'),
    outcome: 'complete',
    durationMs: 12.5,
    ttfbMs: 10,
    ...change,
  };
}

export function answer(status: number, statusText: string, text: string): DraftResponse {
  const bytes = Buffer.from(text);
  return {
    status,
    statusText,
    httpVersion: '1.1',
    headers: ['Content-Type', 'application/json', 'Content-Length', String(bytes.length)],
    body: { pieces: [bytes], size: bytes.length, hash: null },
    trailers: [],
    interim: [],
    chunks: [],
  };
}

/** Makes the tape `calls.tape` in the folder, with one recording. */
export async function tapeWith(
  folder: string,
  calls: readonly CallDraft[],
  name = 'first',
  redact = true,
): Promise<string> {
  const file = join(folder, 'calls.tape');
  const writer = await openWriter(file, { name, source: 'proxy', upstream: ORIGIN }, { redact });
  for (const draft of calls) writer.finish(draft);
  await writer.close();
  return file;
}

/** The same with one call that has become a WebSocket; its messages are 5 ms apart. */
export async function tapeWithMessages(
  folder: string,
  draft: CallDraft,
  messages: readonly (readonly [MessageDirection, MessageKind, Buffer])[],
  { redact = true, deflated = false } = {},
): Promise<void> {
  const file = join(folder, 'calls.tape');
  const start = { name: 'first', source: 'proxy', upstream: ORIGIN } as const;
  const writer = await openWriter(file, start, { redact });
  writer.show(draft);
  messages.forEach(([direction, kind, bytes], at) => {
    writer.message(draft, {
      direction,
      kind,
      atMs: (at + 1) * 5,
      size: bytes.length,
      wireSize: bytes.length,
      pieces: [bytes],
      deflated,
      inflate: false,
      dropped: 0,
      limit: 1000,
      budget: 10_000,
      problem: null,
    });
  });
  writer.finish(draft);
  await writer.close();
}
