import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { onTestFinished } from 'vitest';
import { listening } from './wire.ts';

export interface HttpUpstream {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
}

export async function httpUpstream(listener: RequestListener): Promise<HttpUpstream> {
  const server = createServer(listener);
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${port}`, port, server };
}
