import http from 'node:http';
import { createRequire } from 'node:module';
import tls from 'node:tls';
import { leadUndici } from './own-undici.ts';

const PRELOAD = '../preload/preload.cjs';
const THIS_MACHINE = 'localhost,127.0.0.1,::1';
const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;
const ALL_NAMES = NAMES.flatMap((name) => [name, name.toLowerCase()]);

export interface OwnRoute {
  /** Where calls are to go. */
  readonly proxy: string;
  /** Signs what is shown at that place for the real hosts; PEM. */
  readonly certificatePem: string;
  /** Whether calls to this machine go there too. */
  readonly local: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

function setVariables(variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/**
 * Leads this process's own calls through a proxy, and has them trust it: by fetch and the global agents,
 * which Node.js itself does, and by clients that bring agents of their own, as in programs under
 * `calltape run`.
 *
 * @returns what puts all back as it was.
 */
export function takeOwnRoute({ proxy, certificatePem, local }: OwnRoute): () => void {
  const before = Object.fromEntries(ALL_NAMES.map((name) => [name, process.env[name]]));
  const direct = local ? '' : THIS_MACHINE;
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...trusted, certificatePem]);
  setVariables(Object.fromEntries(ALL_NAMES.map((name) => [name, undefined])));
  setVariables({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: direct });
  const restore = http.setGlobalProxyFromEnv({
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: direct,
  });
  // Reads the variables for each connection anew, so it may stay; and once Node.js has taken fetch over,
  // it leaves that alone.
  createRequire(import.meta.url)(PRELOAD);
  const leaveUndici = leadUndici(process.cwd());
  return () => {
    leaveUndici();
    restore();
    setVariables(before);
    tls.setDefaultCACertificates(trusted);
  };
}
