import { once } from 'node:events';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readClientHello } from '../src/client-hello.ts';
import { rawUpstream } from './wire.ts';

/** The first message of a real client. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const server = await rawUpstream();
  const client = connect({ host: '127.0.0.1', port: server.port, ...options });
  client.on('error', () => undefined);
  const wire = await server.wire();
  while (readClientHello(Buffer.from(wire.text, 'latin1')) === null)
    await once(wire.socket, 'data');
  client.destroy();
  return Buffer.from(wire.text, 'latin1');
}

/** The same message in records of `size` bytes (RFC 8446 section 5.1). */
function inRecords(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const piece = message.subarray(at, at + size);
    const head = Buffer.from([0x16, 3, 1, 0, 0]);
    head.writeUInt16BE(piece.length, 3);
    records.push(head, piece);
  }
  return Buffer.concat(records);
}

test('the name is found, however the message is divided', async () => {
  const hello = await helloOf({ servername: 'Api.Example.test' });
  expect(readClientHello(hello)).toEqual({ serverName: 'Api.Example.test', protocols: [] });
  for (const size of [1, 2, 7, 100]) {
    expect(readClientHello(inRecords(hello, size)), String(size)).toEqual({
      serverName: 'Api.Example.test',
      protocols: [],
    });
  }
  for (let end = 0; end < hello.length; end += 1) {
    expect(readClientHello(hello.subarray(0, end)), String(end)).toBeNull();
  }
});

test('the protocols are found in their order, with a name or without', async () => {
  const ALPNProtocols = ['h2', 'http/1.1', 'x'];
  for (const servername of ['api.example.test', undefined]) {
    const options = { ALPNProtocols, ...(servername === undefined ? {} : { servername }) };
    const hello = readClientHello(await helloOf(options));
    expect(hello).toEqual({ serverName: servername ?? null, protocols: ALPNProtocols });
  }
});

test('a message without a name has none', async () => {
  expect(readClientHello(await helloOf({}))).toEqual({ serverName: null, protocols: [] });
});

test.each([
  ['another protocol', '\u0016ELO mail.example.test\r\n'],
  ['an alert', '\u0015\u0003\u0001\u0000\u0002\u0002(xxxxxxxx'],
  ['a message of 16 MB', '\u0016\u0003\u0001\u0000\u0005\u0001\u00ff\u00ff\u00ffx'],
  ['another message', '\u0016\u0003\u0001\u0000\u0005\u0002\u0000\u0000\u0001x'],
])('%s names nothing', (_what, bytes) => {
  expect(readClientHello(Buffer.from(bytes, 'latin1'))).toEqual({
    serverName: null,
    protocols: [],
  });
});

test('no bytes at all make it throw', async () => {
  const hello = await helloOf({ servername: 'api.example.test' });
  const edits = fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { maxLength: 8 });
  fc.assert(
    fc.property(edits, fc.nat(hello.length), (changes, end) => {
      const bytes = Buffer.from(hello.subarray(0, end));
      for (const [at, byte] of changes) if (at < end) bytes[at] = byte;
      const found = readClientHello(bytes);
      return found === null || found.serverName === null || typeof found.serverName === 'string';
    }),
    { numRuns: 2000 },
  );
});
