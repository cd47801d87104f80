import { spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openAuthority, ProxyError } from '@calltape/proxy';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './program.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const onWindows = process.platform === 'win32';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'calltape-ca-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return join(folder, 'home');
}

async function refusal(folder: string): Promise<ProxyError> {
  try {
    await openAuthority(folder);
  } catch (error) {
    if (error instanceof ProxyError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

test('the authority is made once, for its user only, and says so', async () => {
  const folder = await emptyFolder();
  const authority = await openAuthority(folder);
  expect(authority.certificateFile).toBe(join(folder, 'ca.pem'));
  expect(await readFile(authority.certificateFile, 'latin1')).toBe(authority.certificatePem);
  expect((await openAuthority(folder)).certificatePem).toBe(authority.certificatePem);
  expect((await readdir(folder)).toSorted()).toEqual(['ca.key', 'ca.pem']);
  if (!onWindows) {
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'ca.key'))).mode & 0o777).toBe(0o600);
  }
  const root = new X509Certificate(authority.certificatePem);
  expect(root.ca).toBe(true);
  expect(root.verify(root.publicKey)).toBe(true);
  expect(root.subject).toMatch(/^O=calltape: .*do not trust elsewhere\nCN=calltape CA \d{4}-\d\d/);
  expect(root.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(authority.certificatePem).not.toContain('PRIVATE');
});

test.each([
  ['api.example.com', 'DNS:api.example.com'],
  ['under_score.example.com', 'DNS:under_score.example.com'],
  ['xn--bcher-kva.example', 'DNS:xn--bcher-kva.example'],
  [`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.com`, `DNS:${'a'.repeat(63)}.`],
  ['127.0.0.1', 'IP Address:127.0.0.1'],
  ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
  ['2001:db8::', 'IP Address:2001:DB8:0:0:0:0:0:0'],
  ['::ffff:192.0.2.7', 'IP Address:0:0:0:0:0:FFFF:C000:207'],
])('the certificate for %s names just that', async (host, name) => {
  const authority = await openAuthority(await emptyFolder());
  const { certificatePem, keyPem, expiresAt } = authority.leafFor(host);
  const [leaf, root] = [
    new X509Certificate(certificatePem),
    new X509Certificate(authority.certificatePem),
  ];
  expect(leaf.subjectAltName?.startsWith(name)).toBe(true);
  expect(leaf.subjectAltName).not.toContain(',');
  expect(leaf.checkIssued(root) && leaf.verify(root.publicKey)).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  const [from, until] = [leaf.validFromDate.getTime(), leaf.validToDate.getTime()];
  expect(until - from).toBeLessThanOrEqual(45 * DAY_MS);
  expect(Date.now() - from).toBeGreaterThanOrEqual(DAY_MS);
  expect(Math.abs(until - expiresAt)).toBeLessThan(1000);
  expect(keyPem).toContain('PRIVATE KEY');
});

test('no two certificates have the same serial number', async () => {
  const authority = await openAuthority(await emptyFolder());
  const serials = Array.from(
    { length: 200 },
    () => new X509Certificate(authority.leafFor('a.example').certificatePem).serialNumber,
  );
  expect(new Set(serials).size).toBe(200);
  expect(serials.every((serial) => serial.length === 34)).toBe(true);
});

test.each([
  '',
  'a b',
  '../x',
  'a..b',
  '*.example.com',
  'EXAMPLE.com',
  `${'a'.repeat(64)}.com`,
  '.a',
])('there is no certificate for %j', async (host) => {
  const authority = await openAuthority(await emptyFolder());
  expect(() => authority.leafFor(host)).toThrow(RangeError);
});

const OPENSSL = 'openssl';
const hasOpenssl = spawnSync(OPENSSL, ['version']).status === 0;

test.runIf(hasOpenssl)('openssl accepts it at its strictest', async () => {
  const folder = await emptyFolder();
  const authority = await openAuthority(folder);
  const leaf = join(folder, 'leaf.pem');
  await writeFile(leaf, authority.leafFor('api.example.com').certificatePem);
  const words = ['verify', '-x509_strict', '-purpose', 'sslserver'];
  const named = ['-verify_hostname', 'api.example.com', '-CAfile', authority.certificateFile];
  expect(await run(OPENSSL, [...words, ...named, leaf])).toMatchObject({ code: 0 });
});

test('processes that start together agree on one', async () => {
  const folder = await emptyFolder();
  const script = `
    import { openAuthority } from '${import.meta.resolve('@calltape/proxy')}';
    process.stdin.once('data', async () => {
      const { certificatePem, leafFor } = await openAuthority(${JSON.stringify(folder)});
      process.stdout.write(certificatePem);
      process.exit();
    });
    process.stdout.write('ready\\n');
  `;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', script]),
  );
  const said = children.map(async ({ stdout }) => await text(stdout));
  await Promise.all(children.map(async ({ stdout }) => await once(stdout, 'readable')));
  for (const child of children) child.stdin.write('go');
  const [first, ...others] = await Promise.all(said);
  expect(first).toContain('BEGIN CERTIFICATE');
  for (const other of others) expect(other).toBe(first);
  expect((await readdir(folder)).toSorted()).toEqual(['ca.key', 'ca.pem']);
});

test.skipIf(onWindows)('a key that others can read is refused by name', async () => {
  const folder = await emptyFolder();
  await openAuthority(folder);
  const key = join(folder, 'ca.key');
  await chmod(key, 0o644);
  const { code, message } = await refusal(folder);
  expect(code).toBe('AUTHORITY_EXPOSED');
  expect(message).toContain(`the mode of "${key}" is 0644`);
  await chmod(key, 0o400);
  await openAuthority(folder);
});

test('a half, a foreign or a broken authority is refused by name', async () => {
  const [folder, other] = [await emptyFolder(), await emptyFolder()];
  await openAuthority(folder);
  await openAuthority(other);
  const [key, certificate] = [join(folder, 'ca.key'), join(folder, 'ca.pem')];
  const own = { key: await readFile(key), certificate: await readFile(certificate) };
  await writeFile(certificate, await readFile(join(other, 'ca.pem')));
  expect((await refusal(folder)).message).toContain('does not belong to ca.key');
  await writeFile(certificate, 'nothing');
  expect((await refusal(folder)).message).toContain(`"${certificate}" holds no certificate`);
  await writeFile(certificate, own.certificate);
  await writeFile(key, 'nothing');
  expect((await refusal(folder)).message).toContain(`"${key}" holds no private key`);
  await rm(key);
  expect(await refusal(folder)).toMatchObject({ code: 'AUTHORITY_DAMAGED' });
  await writeFile(key, own.key, { mode: 0o600 });
  await rm(certificate);
  const again = await openAuthority(folder);
  expect(
    new X509Certificate(again.certificatePem).verify(
      new X509Certificate(own.certificate).publicKey,
    ),
  ).toBe(true);
});

test('a folder that cannot be made is told, with what to do', async () => {
  const file = join(await emptyFolder(), '..', 'file');
  await writeFile(file, '');
  const { code, message } = await refusal(join(file, 'home'));
  expect(code).toBe('AUTHORITY_UNAVAILABLE');
  expect(message).toContain('CALLTAPE_HOME');
});
