import type { ProxyOptions } from '@calltape/proxy';
import { clientCertificates } from './client-certificates.ts';
import { usersOwn } from './environment/users-own.ts';
import { CliError } from './errors.ts';
import type { FlagReader } from './flag-reader.ts';
import type { HostText } from './host-kinds.ts';
import type { ListenAddress } from './listen-address.ts';
import type { Output } from './output.ts';
import { parseTarget } from './target.ts';

/** How upstreams are reached. */
export interface UpstreamFlags {
  readonly 'upstream-proxy': string | undefined;
  readonly 'client-cert': readonly HostText[];
  readonly 'insecure-host': readonly string[];
}

/** What says through which proxy a program is to call, in the environment. */
const PROXY_VARIABLE = /^(?:https?|all)_proxy$/i;

/**
 * What flags and environment say about how upstreams are reached, checked before a tape is made for
 * nothing; what there is to know of it is said.
 *
 * Throws CliError or ProxyError for what cannot be.
 *
 * @param maps - Where the calls to some hosts really go.
 */
export async function upstreamOptions(
  flag: FlagReader<UpstreamFlags>,
  maps: readonly HostText[],
  own: ListenAddress,
  output: Output,
): Promise<Partial<ProxyOptions>> {
  const options: Partial<ProxyOptions> = {
    map: hostMap(maps, own),
    clientCertificates: await clientCertificates(flag('client-cert')),
    insecureHosts: flag('insecure-host'),
    ...proxyOptions(flag('upstream-proxy')),
  };
  await tellProxies(options, own, output);
  const insecure = flag('insecure-host');
  if (insecure.length > 0) {
    output.warn(
      `Warning: the certificates of ${insecure.join(', ')} are not checked, so anybody between here ` +
        'and there can read and change those calls. Leave out --insecure-host to check them.',
    );
  }
  return options;
}

function proxyOptions(wanted: string | undefined): Partial<ProxyOptions> {
  if (wanted === 'none') return {};
  // Programs in a shell that `calltape env` has set up call through a recorder; a recorder does not.
  const env = usersOwn(process.env, process.platform);
  return wanted === undefined
    ? { proxyVariables: env }
    : { proxyVariables: env, upstreamProxy: wanted };
}

/** The proxy package is loaded beside other work; only where there is something to check it is not. */
async function tellProxies(
  options: Partial<ProxyOptions>,
  own: ListenAddress,
  output: Output,
): Promise<void> {
  const named = Object.keys(options.proxyVariables ?? {}).some((name) => PROXY_VARIABLE.test(name));
  if (!named && options.upstreamProxy === undefined) return;
  const { checkUpstreamAccess } = await import('@calltape/proxy');
  const proxies = checkUpstreamAccess(options, own.host, own.port);
  if (proxies.length > 0)
    output.talk(`Other machines are reached through ${proxies.join(' and ')}.`);
}

function hostMap(given: readonly HostText[], own: ListenAddress): Record<string, string> {
  const map = new Map<string, string>();
  for (const { host, text } of given) {
    if (map.has(host)) {
      throw new CliError('FLAG_VALUE', `--map ${host} is given twice: choose one place for it.`);
    }
    map.set(host, parseTarget(text, own).href);
  }
  return Object.fromEntries(map);
}
