import { join } from 'node:path';
import { newDraft, openWriter } from '@calltape/store';
import type { DraftMessage, Outcome } from '@calltape/store';
import { tempDir } from '../tape.ts';

/** One message of a recorded WebSocket. */
export interface Line {
  readonly from: 'client' | 'server';
  readonly kind?: DraftMessage['kind'];
  readonly data: string | Uint8Array;
  readonly atMs?: number;
  /** True length where the tape has only its beginning. */
  readonly size?: number;
}

export interface ToldSocket {
  readonly url?: string;
  /** Flat. */
  readonly answerHeaders?: readonly string[];
  readonly lines: readonly Line[];
  readonly outcome?: Outcome;
  readonly durationMs?: number;
}

const ACCEPTED = [
  'Upgrade',
  'websocket',
  'Connection',
  'Upgrade',
  'Sec-WebSocket-Accept',
  's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  'X-Server',
  'one',
];

function messageOf({ from, kind = 'text', data, atMs = 1, size }: Line): DraftMessage {
  const bytes = Buffer.from(data);
  return {
    direction: from === 'client' ? 'sent' : 'received',
    kind,
    atMs,
    size: size ?? bytes.length,
    wireSize: size ?? bytes.length,
    pieces: [bytes],
    deflated: false,
    inflate: false,
    dropped: 0,
    limit: 1_000_000,
    budget: 1_000_000,
    problem: null,
  };
}

/** The payload of a close frame. */
export function closing(code: number, reason = ''): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
}

/** Makes a tape that holds these WebSockets in this order. */
export async function socketTape(sockets: readonly ToldSocket[], redact = false): Promise<string> {
  const file = join(await tempDir(), 'sockets.tape');
  const writer = await openWriter(file, { name: 'test', source: 'proxy' }, { redact });
  for (const { url = '/chat', answerHeaders, lines, outcome, durationMs = 500 } of sockets) {
    const draft = newDraft('GET', `https://api.example.com${url}`);
    draft.response = {
      status: 101,
      statusText: 'Switching Protocols',
      httpVersion: '1.1',
      headers: answerHeaders ?? ACCEPTED,
      body: { pieces: [], size: 0, hash: null },
      trailers: [],
      interim: [],
      chunks: [],
    };
    draft.ttfbMs = 0;
    writer.begin(draft);
    writer.show(draft);
    for (const line of lines) writer.message(draft, messageOf(line));
    draft.outcome = outcome ?? 'complete';
    draft.durationMs = durationMs;
    writer.finish(draft);
  }
  await writer.close();
  return file;
}
