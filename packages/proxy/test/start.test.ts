import { once } from 'node:events';
import { createServer } from 'node:net';
import { ProxyError, startProxy } from '@calltape/proxy';
import type { ProxyOptions } from '@calltape/proxy';
import { expect, onTestFinished, test } from 'vitest';
import { httpUpstream } from './http-upstream.ts';
import { record } from './recorder.ts';
import { answering, dial, listening, rawUpstream } from './wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

async function refusal(upstream: string, options: Partial<ProxyOptions> = {}): Promise<ProxyError> {
  try {
    await record(upstream, options);
  } catch (error) {
    if (error instanceof ProxyError) return error;
    throw error;
  }
  throw new Error('it started');
}

test.each([
  ['api.example.com', 'is not a URL'],
  ['ftp://example.com', 'neither an http nor an https URL'],
  ['https://user:secret@example.com', 'user name or password'],
  ['https://example.com/v1?key=1', 'query or fragment'],
])('the upstream %s is refused', async (upstream, reason) => {
  const error = await refusal(upstream);
  expect(error.code).toBe('UPSTREAM_INVALID');
  expect(error.message).toContain(reason);
  expect(error.message).not.toContain('secret');
});

test('a taken port, a port out of range and a foreign address are refused by name', async () => {
  const server = createServer();
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
  });
  const upstream = 'http://127.0.0.1:1';
  const taken = await refusal(upstream, { port });
  expect(taken.code).toBe('PORT_TAKEN');
  expect(taken.message).toContain(`Port ${port} on 127.0.0.1 is taken`);
  expect((await refusal(upstream, { port: 65_536 })).code).toBe('PORT_INVALID');
  expect((await refusal(upstream, { host: '192.0.2.1' })).code).toBe('HOST_INVALID');
});

test('limits that make no sense and roots that are none are refused', async () => {
  const upstream = 'https://127.0.0.1:1';
  expect((await refusal(upstream, { bodyLimit: -1 })).code).toBe('LIMIT_INVALID');
  expect((await refusal(upstream, { connectTimeoutMs: 0.5 })).code).toBe('LIMIT_INVALID');
  expect((await refusal(upstream, { ca: ['not a certificate'] })).code).toBe('CA_INVALID');
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  expect((await refusal(upstream, { ca: [broken] })).code).toBe('CA_INVALID');
});

test('a proxy in front of itself is refused', async () => {
  const { port } = await record('http://127.0.0.1:1');
  await (await record('http://127.0.0.1:1')).proxy.close(0);
  const error = await refusal(`http://localhost:${port}`, { port });
  expect(error.code).toBe('PORT_TAKEN');
  const server = createServer();
  const free = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  const loop = await refusal(`http://localhost:${free}`, { port: free });
  expect(loop.code).toBe('UPSTREAM_INVALID');
  expect(loop.message).toContain('is this proxy itself');
});

test('the address says where clients reach it', async () => {
  const upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  const { writer, proxy } = await record(upstream.url);
  expect(proxy.url).toBe(`http://127.0.0.1:${proxy.port}`);
  const six = await startProxy({ upstream: upstream.url, writer, host: '::1', port: 0 });
  onTestFinished(async () => await six.close(0));
  expect(six.url).toBe(`http://[::1]:${six.port}`);
  expect(await (await fetch(six.url)).text()).toBe('ok');
});

test('closing lets calls in flight finish and takes no new ones', async () => {
  const upstream = await httpUpstream((_request, response) => {
    upstream.server.emit('asked', response);
  });
  const recorder = await record(upstream.url);
  const asked = once(upstream.server, 'asked');
  const client = await dial(recorder.port);
  client.send(GET);
  const [response] = await asked;
  expect(recorder.proxy.inFlight).toBe(1);
  const closed = recorder.proxy.close();
  await expect(dial(recorder.port)).rejects.toThrow('ECONNREFUSED');
  response.end('late');
  expect(await client.rest()).toMatch(/\r\nConnection: close\r\n.*late/s);
  await closed;
  expect(recorder.proxy.inFlight).toBe(0);
  expect((await recorder.row()).outcome).toBe('complete');
});

test('what is still in flight after the grace period is cut and on the tape as interrupted', async () => {
  const upstream = await rawUpstream();
  const recorder = await record(upstream.url);
  const client = await dial(recorder.port);
  client.send(GET);
  const wire = await upstream.wire();
  await wire.until(/\r\n\r\n$/);
  const patient = recorder.proxy.close();
  await recorder.proxy.close(10);
  await patient;
  await wire.closed;
  expect(await client.rest()).toBe('');
  const row = await recorder.row();
  expect(row).toMatchObject({ outcome: 'interrupted', error: { type: 'RECORDER_STOPPED' } });
  expect(row.durationMs).toBeGreaterThan(0);
});
