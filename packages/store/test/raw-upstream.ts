import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';

/** What a client sent, as Node's parser gives it; header values are Latin-1 text of the bytes. */
export interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** A server that notes every request and answers with 204. */
export async function notingServer(): Promise<{ origin: string; sent: Sent[] }> {
  const sent: Sent[] = [];
  const origin = await httpServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url = '', rawHeaders } = request;
      sent.push({ method, target: url, headers: rawHeaders, body: Buffer.concat(pieces) });
      response.writeHead(204).end();
    });
  });
  return { origin, sent };
}

async function httpServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}
