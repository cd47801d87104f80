import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { startProxy } from '@calltape/proxy';
import {
  CERTIFICATE,
  CLIENT_CERTIFICATE,
  CLIENT_KEY,
  CLIENT_KEY_ENCRYPTED,
  CLIENT_PKCS12,
  EXAMPLE_CERTIFICATE,
  EXAMPLE_KEY,
  KEY,
} from './certificate.ts';
import { run } from './program.ts';
import { record } from './recorder.ts';
import { dial, listening, talk } from './wire.ts';

const PASSPHRASE = { passphrase: 'secret' };

interface Seen {
  readonly client: string;
  readonly resumed: boolean;
}

/** Tells of each connection who the client is. */
async function upstream(options: ServerOptions): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(options, ({ socket }, response) => {
    if (!(socket instanceof TLSSocket)) return;
    const { CN = '' } = socket.getPeerCertificate().subject ?? {};
    seen.push({ client: String(CN), resumed: socket.isSessionReused() });
    response.setHeader('connection', 'close').end('ok');
  });
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `https://127.0.0.1:${port}`, seen };
}

const ASKING: ServerOptions = {
  cert: CERTIFICATE,
  key: KEY,
  requestCert: true,
  ca: CLIENT_CERTIFICATE,
};

async function get(port: number): Promise<string> {
  return await talk(port, 'GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
}

test.each([
  ['PEM', { cert: CLIENT_CERTIFICATE, key: CLIENT_KEY }],
  [
    'PEM with an encrypted key',
    { cert: CLIENT_CERTIFICATE, key: CLIENT_KEY_ENCRYPTED, ...PASSPHRASE },
  ],
  ['PKCS #12', { pfx: CLIENT_PKCS12, ...PASSPHRASE }],
])('a host that asks for a certificate is shown one, %s', async (_what, own) => {
  const { url, seen } = await upstream(ASKING);
  const clientCertificates = [
    { host: '*.example', cert: EXAMPLE_CERTIFICATE, key: EXAMPLE_KEY },
    { host: '127.0.0.*', ...own },
  ];
  const recorder = await record(url, { ca: [CERTIFICATE], clientCertificates });
  expect(await get(recorder.port)).toMatch(/ok/);
  expect(seen).toEqual([{ client: 'calltape test client', resumed: false }]);
});

test('other hosts are shown none', async () => {
  const { url, seen } = await upstream(ASKING);
  const other = { host: 'api.example', cert: CLIENT_CERTIFICATE, key: CLIENT_KEY };
  const ca = [CERTIFICATE];
  const none = await record(url, { ca, clientCertificates: [other] });
  expect(await get(none.port)).toContain('UPSTREAM_');
  const here = await record(url, { ca, clientCertificates: [{ ...other, host: '127.0.0.1:1' }] });
  expect(await get(here.port)).toContain('UPSTREAM_');
  expect(seen).toEqual([]);
});

test('the certificates of insecure hosts are not checked, those of others are', async () => {
  const { url } = await upstream({ cert: EXAMPLE_CERTIFICATE, key: EXAMPLE_KEY });
  const insecureHosts = ['127.0.0.1'];
  const recorder = await record(url, { insecureHosts });
  expect(await get(recorder.port)).toContain('ok');
  const narrow = await record(url, { insecureHosts: ['127.0.0.1:1', 'localhost'] });
  expect(await get(narrow.port)).toContain('UPSTREAM_TLS');
});

test('the next connection to a host takes up the TLS session of the last', async () => {
  const { url, seen } = await upstream({ cert: CERTIFICATE, key: KEY });
  const recorder = await record(url, { ca: [CERTIFICATE] });
  for (let call = 0; call < 3; call += 1) expect(await get(recorder.port)).toContain('ok');
  expect(seen.map(({ resumed }) => resumed)).toEqual([false, true, true]);
});

test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])(
  'the roots that %s names are trusted',
  async (name) => {
    // Elsewhere the system's roots are not in a file.
    if (process.platform !== 'linux' && name === 'SSL_CERT_FILE') return;
    const folder = await mkdtemp(join(tmpdir(), 'calltape-roots-'));
    onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'roots.pem');
    await writeFile(file, CERTIFICATE);
    const { url } = await upstream({ cert: CERTIFICATE, key: KEY });
    const script = `
      import { openWriter } from '${import.meta.resolve('@calltape/store')}';
      import { startProxy } from '${import.meta.resolve('@calltape/proxy')}';
      const writer = await openWriter(process.argv[2], { name: 'test', source: 'proxy' });
      const proxy = await startProxy({ upstream: process.argv[3], port: 0, writer });
      console.log((await fetch(proxy.url)).status);
      await proxy.close();
      await writer.close();
    `;
    await writeFile(join(folder, 'call.mjs'), script);
    const words = [join(folder, 'call.mjs'), join(folder, 'a.tape'), url];
    const environment = { CALLTAPE_HOME: folder };
    expect(await run(process.execPath, words, { ...environment, [name]: file })).toMatchObject({
      code: 0,
      stdout: '200\n',
    });
    expect((await run(process.execPath, words, environment)).stdout).toBe('502\n');
  },
);

test.each(['the handshake', 'the answer'])(
  'a call that is given up during %s closes its connection',
  async (moment) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      const connections = moment === 'the answer' ? tls : null;
      if (connections === null) socket.resume();
      else connections.emit('connection', socket);
      socket.once('close', () => server.emit('gone'));
    });
    const tls = createServer({ cert: CERTIFICATE, key: KEY }, (_request, response) => {
      response.write('some');
    });
    const port = await listening(server);
    onTestFinished(() => void server.close());
    const gone = once(server, 'gone');
    const accepted = once(server, 'connection');
    const recorder = await record(`https://127.0.0.1:${port}`, { ca: [CERTIFICATE] });
    const client = await dial(recorder.port);
    client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    if (moment === 'the answer') await client.until(/some/);
    await accepted;
    client.socket.destroy();
    await gone;
    expect((await recorder.row()).outcome).toBe('aborted');
  },
);

test.each([
  [
    { clientCertificates: [{ host: 'https://a', cert: CLIENT_CERTIFICATE, key: CLIENT_KEY }] },
    'PATTERN_INVALID',
  ],
  [
    { clientCertificates: [{ host: 'a', cert: CLIENT_CERTIFICATE, key: KEY }] },
    'CLIENT_CERT_INVALID',
  ],
  [
    { clientCertificates: [{ host: 'a', pfx: CLIENT_PKCS12, passphrase: 'x' }] },
    'CLIENT_CERT_INVALID',
  ],
  [{ insecureHosts: ['a/b'] }, 'PATTERN_INVALID'],
])('case %#: what cannot be used is refused at the start', async (options, code) => {
  const { writer } = await record(null);
  await expect(startProxy({ writer, port: 0, ...options })).rejects.toMatchObject({ code });
});
