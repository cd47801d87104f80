import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createTlsServer, TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { resetRaw } from '../src/raw-socket.ts';

it('resets the connection below TLS, which node:tls refuses to do itself', async () => {
  // A key that both know spares the certificate.
  const psk = Buffer.alloc(32, 7);
  const shared = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;
  const secure = createTlsServer({ ...shared, pskCallback: () => psk });
  const plain = createServer((socket) => secure.emit('connection', socket));
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  onTestFinished(() => {
    plain.close();
  });
  const accepted = once(secure, 'secureConnection');
  const { port }: Pick<AddressInfo, 'port'> = Object(plain.address());
  const client = connect({
    ...shared,
    port,
    pskCallback: () => ({ psk, identity: 'test' }),
    checkServerIdentity: () => undefined,
  });
  const failed = once(client, 'error');
  const [socket] = await accepted;
  if (!(socket instanceof TLSSocket)) throw new TypeError('no TLS');
  socket.on('error', () => socket.destroy());
  expect(() => socket.resetAndDestroy()).toThrow();
  resetRaw(socket);
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
});
