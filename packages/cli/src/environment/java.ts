import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from './variables.ts';

const run = promisify(execFile);

/** The password of the roots that come with every Java; it protects nothing. */
const STORE_PASSWORD = 'changeit';
const KEYTOOL_LIMIT_MS = 20_000;

/** A Java installation: its tool for key stores, and its own roots. */
interface Java {
  readonly keytool: string;
  readonly roots: string;
}

/**
 * A Java trust store in the folder, of the roots of the Java that is found and the recorder's
 * certificate; null when there is no Java that could make one.
 */
export async function javaTrustStore(
  user: Environment,
  folder: string,
  certificateFile: string,
): Promise<string | null> {
  const java = findJava(user);
  if (java === null) return null;
  const store = join(folder, `java-${idOf(java.roots, certificateFile)}.p12`);
  if (existsSync(store)) return store;
  const draft = `${store}.${process.pid}`;
  try {
    copyFileSync(java.roots, draft);
    const words = ['-importcert', '-noprompt', '-keystore', draft, '-storepass', STORE_PASSWORD];
    const certificate = ['-alias', 'calltape', '-file', certificateFile];
    await run(java.keytool, [...words, ...certificate], { timeout: KEYTOOL_LIMIT_MS });
    renameSync(draft, store);
    return store;
  } catch {
    return null;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** What a JVM is told, in JAVA_TOOL_OPTIONS, to be recorded. */
export function javaOptions(proxy: string, store: string, noProxy: string): string {
  const { hostname, port } = new URL(proxy);
  return [
    ...['http', 'https'].flatMap((scheme) => [
      `-D${scheme}.proxyHost=${hostname.replace(/^\[|\]$/g, '')}`,
      `-D${scheme}.proxyPort=${port}`,
    ]),
    // Empty, so that calls to this machine are recorded too, which Java would make directly.
    `-Dhttp.nonProxyHosts=${nonProxyHosts(noProxy)}`,
    `-Djavax.net.ssl.trustStore=${quoted(store)}`,
    `-Djavax.net.ssl.trustStorePassword=${STORE_PASSWORD}`,
  ].join(' ');
}

function nonProxyHosts(noProxy: string): string {
  const hosts = noProxy.split(/[\s,]+/).filter((host) => host !== '');
  return hosts.map((host) => (host.startsWith('.') ? `*${host}` : host)).join('|');
}

/** Java splits JAVA_TOOL_OPTIONS at spaces outside quotes. */
function quoted(path: string): string {
  return /\s/.test(path) ? `"${path}"` : path;
}

function findJava(user: Environment): Java | null {
  const name = process.platform === 'win32' ? 'keytool.exe' : 'keytool';
  const home = user['JAVA_HOME'] ?? '';
  const folders = [
    ...(home === '' ? [] : [join(home, 'bin')]),
    ...(user['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
  ];
  for (const folder of folders) {
    const keytool = join(folder, name);
    if (!existsSync(keytool)) continue;
    const roots = join(dirname(dirname(realpathSync(keytool))), 'lib/security/cacerts');
    if (existsSync(roots)) return { keytool, roots };
  }
  return null;
}

/** Another Java, newer roots or another certificate ask for another store. */
function idOf(roots: string, certificateFile: string): string {
  const facts = [roots, certificateFile].map((file) => [file, statSync(file).mtimeMs]);
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 12);
}
