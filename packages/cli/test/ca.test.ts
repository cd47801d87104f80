// The certificate authority as a user meets it: shown, exported, trusted, and told of when it is not.

import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, readFile } from 'node:fs/promises';
import { Agent, createServer, get } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openAuthority } from '@calltape/proxy';
import { openTape } from '@calltape/store';
import { expect, onTestFinished, test } from 'vitest';
import { calltape, emptyFolder, serve } from './run-cli.ts';

interface Home {
  readonly folder: string;
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

async function emptyHome(): Promise<Home> {
  const folder = await emptyFolder();
  const home = join(folder, 'home');
  return { folder, file: join(home, 'ca.pem'), env: { CALLTAPE_HOME: home } };
}

test('ca shows where it is, what it is and how to trust it', async () => {
  const { file, env } = await emptyHome();
  const { code, stdout } = await calltape(['ca'], { env });
  expect(code).toBe(0);
  const { fingerprint256 } = new X509Certificate(await readFile(file));
  expect(stdout).toContain(`Certificate  ${file}\n`);
  expect(stdout).toContain(fingerprint256);
  expect(stdout).toMatch(/Valid {8}\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\n/);
  expect(stdout).toContain(`NODE_EXTRA_CA_CERTS=${file}`);
  expect(stdout).toContain('update-ca-certificates');
  const shown = JSON.parse((await calltape(['ca', '--json'], { env })).stdout);
  expect(shown).toMatchObject({ path: file, fingerprint256 });
  expect(shown.trust.length).toBeGreaterThan(8);
});

test('ca path prints the path and nothing else', async () => {
  const { file, env } = await emptyHome();
  expect(await calltape(['ca', 'path'], { env })).toEqual({
    code: 0,
    stdout: `${file}\n`,
    stderr: '',
  });
});

test('ca export writes the certificate, never the key', async () => {
  const { folder, file, env } = await emptyHome();
  const options = { env, cwd: folder };
  const pem = await calltape(['ca', 'export'], options);
  expect(pem.stdout).toBe(await readFile(file, 'utf8'));
  expect(await calltape(['ca', 'export', 'a.crt', '--der'], options)).toMatchObject({ code: 0 });
  const der = await readFile(join(folder, 'a.crt'));
  expect(der.equals(new X509Certificate(pem.stdout).raw)).toBe(true);
  const again = await calltape(['ca', 'export', 'a.crt'], options);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
});

test.each([
  [['ca', 'bogus'], 'bogus'],
  [['ca', 'path', 'file'], 'ca export FILE'],
  [
    ['record', 'https://api.example.com', '--tunnel', 'a.example'],
    '--tunnel goes without a TARGET',
  ],
  [['record', 'https://api.example.com', '--h2'], '--h2 goes without a TARGET'],
  [['record', '--intercept', 'a/b'], '--intercept cannot be "a/b"'],
])('%j is refused', async (words, reason) => {
  const { folder, env } = await emptyHome();
  const { code, stderr } = await calltape(words, { env, cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
});

test.skipIf(process.platform === 'win32')(
  'a key that others may read stops the start',
  async () => {
    const { folder, env } = await emptyHome();
    await calltape(['ca'], { env });
    await chmod(join(env['CALLTAPE_HOME'] ?? '', 'ca.key'), 0o644);
    const { code, stderr } = await calltape(['record', '--port', '0'], { env, cwd: folder });
    expect(code).toBe(3);
    expect(stderr).toContain('0644');
  },
);

test('record reads https calls, with the extra roots of --ca and HTTP/2 if asked to', async () => {
  const { folder, file, env } = await emptyHome();
  const foreign = await openAuthority(join(folder, 'foreign'));
  const { certificatePem: cert, keyPem: key } = foreign.leafFor('localhost');
  const server = createServer({ cert, key }, (_request, response) => response.end('hello'));
  server.listen(0, 'localhost');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  const url = `https://localhost:${typeof address === 'object' ? address?.port : ''}/a`;
  const args = ['record', '--port', '0', '--h2', '--ca', foreign.certificateFile];
  const recorder = await serve(args, { cwd: folder, env });
  const options = { proxyEnv: { HTTPS_PROXY: recorder.url } };
  const agent = new Agent({ ...options, ca: await readFile(file) });
  const [response] = await once(get(url, { agent }), 'response');
  expect(await text(response)).toBe('hello');
  agent.destroy();
  const distrusting = new Agent(options);
  for (let at = 0; at < 2; at += 1) {
    await expect(once(get(url, { agent: distrusting }), 'response')).rejects.toThrow('certificate');
  }
  await recorder.says("does not trust calltape's certificate");
  const tape = openTape(join(folder, 'calls.tape'));
  onTestFinished(() => tape.close());
  await expect.poll(() => tape.calls().length, { timeout: 10_000 }).toBe(3);
  const { stderr } = await recorder.stop();
  expect(stderr).toContain(`https:// calls are recorded if it trusts ${file}`);
  expect(stderr.split("does not trust calltape's certificate")).toHaveLength(2);
  const rows = tape.calls().map((row) => [row.method, row.status, row.errorType]);
  expect(rows).toEqual([
    ['GET', 200, null],
    ['CONNECT', null, 'CLIENT_TRUST'],
    ['CONNECT', null, 'CLIENT_TRUST'],
  ]);
  const key0 = await readFile(join(env['CALLTAPE_HOME'] ?? '', 'ca.key'), 'utf8');
  const onTape = await readFile(join(folder, 'calls.tape'), 'latin1');
  expect(onTape).not.toContain(key0.split('\n')[1]);
  expect(onTape).not.toContain('PRIVATE KEY');
});
