import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { openTape, type Exchange } from '@calltape/store';
import { onTestFinished } from 'vitest';
import { makeTape, type Told } from './tape.ts';

/** A webhook as it came to the app. */
export interface Received {
  readonly method: string;
  /** As an app puts it together: the scheme, the Host header and the request target. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly bytes: Buffer;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

export interface App {
  readonly url: string;
  readonly received: Received[];
}

type Answer = (
  call: Received,
  number: number,
) => { status: number; headers?: Record<string, string>; body?: string } | null;

/** An app that webhooks are sent to; null for an answer leaves the caller waiting. */
export async function startApp(answer: Answer = () => ({ status: 200 })): Promise<App> {
  const received: Received[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = receivedCall(request, await buffer(request));
    received.push(call);
    const said = answer(call, received.length);
    if (said !== null) response.writeHead(said.status, said.headers).end(said.body);
  };
  const server = createServer((request, response) => void receive(request, response));
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}`, received };
}

function receivedCall(request: IncomingMessage, bytes: Buffer): Received {
  return {
    method: request.method ?? '',
    url: `http://${request.headers.host}${request.url}`,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body: bytes.toString(),
    bytes,
    at: Date.now(),
  };
}

/** The call that was recorded in front of the app. */
export async function recorded(told: Told, redact = false): Promise<Exchange> {
  const tape = openTape(await makeTape([{ method: 'POST', ...told }], 'proxy', undefined, redact));
  try {
    const [exchange] = [...tape.exchanges()];
    if (exchange === undefined) throw new Error('The tape is empty.');
    return exchange;
  } finally {
    tape.close();
  }
}
