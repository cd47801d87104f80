import { createServer } from 'node:https';
import type { RequestListener } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '@calltape/proxy';
import type { Authority, ProxyOptions } from '@calltape/proxy';
import { afterAll, onTestFinished } from 'vitest';
import { CERTIFICATE, KEY } from './certificate.ts';
import { record } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { listening } from './wire.ts';

let folder: string | null = null;

afterAll(async () => {
  if (folder !== null) await rm(folder, { recursive: true, force: true });
});

/** One authority for all tests of a file. */
async function testAuthority(): Promise<Authority> {
  folder ??= await mkdtemp(join(tmpdir(), 'calltape-authority-'));
  return await openAuthority(folder);
}

export interface SecureUpstream {
  readonly url: string;
  readonly authority: string;
  readonly port: number;
}

/** A stand-in for an API that is reached with TLS, under the name localhost or by address. */
export async function secureUpstream(
  listener: RequestListener,
  host = 'localhost',
): Promise<SecureUpstream> {
  const server = createServer({ cert: CERTIFICATE, key: KEY }, listener);
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `https://${host}:${port}`, authority: `${host}:${port}`, port };
}

export interface Interceptor extends Recorder {
  readonly authority: Authority;
}

/** A forward proxy that reads TLS and trusts the stand-ins. */
export async function intercept(options: Partial<ProxyOptions> = {}): Promise<Interceptor> {
  const authority = await testAuthority();
  const recorder = await record(null, { authority, ca: [CERTIFICATE], ...options });
  return { ...recorder, authority };
}
