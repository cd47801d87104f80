import { once } from 'node:events';
import { Agent, createServer } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { CERTIFICATE, KEY } from './certificate.ts';
import { intercept } from './secure-upstream.ts';
import { listening } from './wire.ts';

test('a WebSocket inside TLS is relayed and its messages are kept', async () => {
  const server = createServer({ cert: CERTIFICATE, key: KEY });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`)),
  );
  const port = await listening(server);
  onTestFinished(() => {
    sockets.close();
    server.close();
    server.closeAllConnections();
  });
  // HTTP/2 is on offer too: a WebSocket client asks for HTTP/1.1 and gets it.
  const recorder = await intercept({ http2: true });
  const ca = recorder.authority.certificatePem;
  const agent = new Agent({ proxyEnv: { HTTPS_PROXY: recorder.proxy.url }, ca });
  onTestFinished(() => agent.destroy());
  const client = new WebSocket(`wss://localhost:${port}/socket`, { agent, ca });
  await once(client, 'open');
  client.send('hello');
  const [answer] = await once(client, 'message');
  expect(String(answer)).toBe('echo hello');
  client.close();
  await once(client, 'close');
  const row = await recorder.row();
  expect(row).toMatchObject({
    request: { url: expect.stringContaining(`localhost:${port}/socket`) },
    response: { status: 101 },
    outcome: 'complete',
  });
});
