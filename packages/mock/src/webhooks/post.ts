import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { toFlat, toLines, type HeaderLine } from '@calltape/store';
import { request as httpRequest } from '../node-http.ts';
import type { WebhookAnswer, WebhookFailure } from './retry-policy.ts';

/** Enough for a challenge or an acknowledgement; what is beyond is read and forgotten. */
const MOST_KEPT_BYTES = 1024 * 1024;

export interface Letter {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array;
  readonly timeoutMs: number;
  /** Ends the attempt, and the waiting. */
  readonly signal: AbortSignal | undefined;
}

export type Reply =
  | { readonly answer: WebhookAnswer }
  | { readonly failure: Exclude<WebhookFailure, { kind: 'answer' }> };

/** Sends a request on a connection of its own and reads the answer; rejects only when it is aborted. */
export async function post(letter: Letter): Promise<Reply> {
  const timeout = AbortSignal.timeout(letter.timeoutMs);
  let isConnected = false;
  let outgoing: ClientRequest | undefined;
  try {
    outgoing = start(letter, AbortSignal.any([letter.signal ?? timeout, timeout]));
    outgoing.on('error', () => undefined);
    outgoing.once('socket', (socket) => {
      const event = letter.url.startsWith('https:') ? 'secureConnect' : 'connect';
      socket.once(event, () => {
        isConnected = true;
      });
    });
    const responded = once(outgoing, 'response');
    outgoing.end(letter.body);
    const [incoming]: IncomingMessage[] = await responded;
    return { answer: await answerOf(incoming) };
  } catch (error) {
    letter.signal?.throwIfAborted();
    if (timeout.aborted) return { failure: { kind: 'timeout', afterMs: letter.timeoutMs } };
    return { failure: { kind: isConnected ? 'cut' : 'connect', code: codeOf(error) } };
  } finally {
    outgoing?.destroy();
  }
}

function start({ method, url, headers }: Letter, signal: AbortSignal): ClientRequest {
  const send = url.startsWith('https:')
    ? process.getBuiltinModule('node:https').request
    : httpRequest;
  const { protocol, hostname, port } = new URL(url);
  // The path as it is written, because some providers sign it.
  const path = url.slice(url.indexOf('/', protocol.length + 2));
  return send({
    method,
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    ...(port === '' ? {} : { port }),
    path,
    headers: toFlat(headers),
    setHost: false,
    agent: false,
    signal,
  });
}

async function answerOf(incoming: IncomingMessage | undefined): Promise<WebhookAnswer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming ?? []) {
    if (size < MOST_KEPT_BYTES) pieces.push(Buffer.from(piece));
    size += Buffer.byteLength(piece);
  }
  return {
    status: incoming?.statusCode ?? 0,
    headers: toLines(incoming?.rawHeaders ?? []),
    body: Buffer.concat(pieces),
  };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : String(error);
}
