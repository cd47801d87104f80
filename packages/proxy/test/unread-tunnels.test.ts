// Hosts whose calls are not read: what the tape and the client are told when they cannot be reached.

import { once } from 'node:events';
import { connect as connectSecure } from 'node:tls';
import type { ProxyOptions } from '@calltape/proxy';
import type { Exchange } from '@calltape/store';
import { expect, test } from 'vitest';
import { CERTIFICATE } from './certificate.ts';
import { fullBacklog } from './full-backlog.ts';
import { intercept, secureUpstream } from './secure-upstream.ts';
import { secured, tunnel } from './tunnelled.ts';
import { rawUpstream, Wire } from './wire.ts';

interface Failed {
  /** What the client's TLS says. */
  readonly client: unknown;
  readonly told: [string, string][];
  readonly row: Exchange;
}

/** Calls a host that is not read, which cannot be reached. */
async function failed(authority: string, options: Partial<ProxyOptions> = {}): Promise<Failed> {
  const told: [string, string][] = [];
  const recorder = await intercept({
    tunnel: ['*'],
    onTunnelFailure: (to, { code }) => told.push([to, code]),
    ...options,
  });
  const socket = await tunnel(recorder.port, authority);
  const secure = connectSecure({ socket, servername: 'a.example' });
  const [client] = await once(secure, 'error');
  return { client, told, row: await recorder.row() };
}

function expectFailure({ client, told, row }: Failed, authority: string, code: string): void {
  expect(client).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR' });
  expect(told).toEqual([[authority, code]]);
  expect(row).toMatchObject({
    request: { method: 'CONNECT', url: `https://${authority.replace(/:443$/, '')}` },
    outcome: 'error',
    response: null,
    error: { type: code, message: expect.stringMatching(/\. [A-Z].*\.$/) },
  });
}

test('an unknown name: UPSTREAM_DNS', async () => {
  const authority = 'nothing-here.invalid:443';
  const failure = await failed(authority);
  expectFailure(failure, authority, 'UPSTREAM_DNS');
  expect(failure.row.error?.message).toContain('nothing-here.invalid');
});

test.skipIf(process.platform !== 'linux')(
  'a connection that is not accepted in time: UPSTREAM_CONNECT_TIMEOUT',
  async () => {
    const authority = `127.0.0.1:${await fullBacklog()}`;
    const failure = await failed(authority, { connectTimeoutMs: 60 });
    expectFailure(failure, authority, 'UPSTREAM_CONNECT_TIMEOUT');
    expect(failure.row.error?.message).toContain(`https://${authority} did not accept`);
    expect(failure.row.durationMs).toBeGreaterThanOrEqual(55);
  },
);

test('a proxy on the way that does not answer in time: the same, and it is named', async () => {
  const silent = await rawUpstream();
  const upstreamProxy = `127.0.0.1:${silent.port}`;
  const failure = await failed('a.example:443', { connectTimeoutMs: 60, upstreamProxy });
  expectFailure(failure, 'a.example:443', 'UPSTREAM_CONNECT_TIMEOUT');
  expect(failure.row.error?.message).toContain(`by the proxy http://${upstreamProxy}`);
  await (
    await silent.wire()
  ).closed;
});

test('the time does not run on once it leads somewhere', async () => {
  const upstream = await secureUpstream((_request, response) => {
    setTimeout(() => response.end('late'), 400);
  });
  const recorder = await intercept({ tunnel: ['*'], connectTimeoutMs: 300 });
  const socket = await tunnel(recorder.port, upstream.authority);
  const client = new Wire(await secured(socket, { servername: 'localhost', ca: CERTIFICATE }));
  await client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n').until(/late/);
  expect(await recorder.rows()).toEqual([]);
});
