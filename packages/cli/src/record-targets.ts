import { CliError } from './errors.ts';
import type { FlagReader } from './flag-reader.ts';
import type { ListenAddress } from './listen-address.ts';
import type { RecordFlags } from './tables/record.ts';
import { parseTarget } from './target.ts';
import type { RouteText } from './value-kinds.ts';

/** Which systems a recorder stands in front of; none makes it a forward proxy. */
export interface RecordTargets {
  /** By path prefix; the empty one takes what no other does. */
  readonly byPrefix: ReadonlyMap<string, URL>;
  /** The one system, where there is no other. */
  readonly only: URL | null;
  /** What the recording is called after. */
  readonly label: string;
  /** For startProxy. */
  readonly options: { readonly upstream?: string; readonly routes?: Record<string, string> };
}

function checkedRoutes(routes: readonly RouteText[], own: ListenAddress): Map<string, URL> {
  const byPrefix = new Map<string, URL>();
  for (const { prefix, url } of routes) {
    if (byPrefix.has(prefix)) {
      throw new CliError('FLAG_VALUE', `--route ${prefix} is given twice: choose two prefixes.`);
    }
    byPrefix.set(prefix, parseTarget(url, own));
  }
  return byPrefix;
}

/** Reads TARGET and the routes. Throws CliError TARGET_INVALID or FLAG_VALUE. */
export function recordTargets(
  target: string | undefined,
  routes: readonly RouteText[],
  own: ListenAddress,
): RecordTargets {
  const byPrefix = checkedRoutes(routes, own);
  const hrefs = Object.fromEntries(Array.from(byPrefix, ([prefix, url]) => [prefix, url.href]));
  const upstream = target === undefined ? null : parseTarget(target, own);
  if (upstream !== null) byPrefix.set('', upstream);
  const urls = [...byPrefix.values()];
  return {
    byPrefix,
    only: urls.length === 1 ? (urls[0] ?? null) : null,
    label: urls.length === 0 ? 'forward' : [...new Set(urls.map(({ host }) => host))].join('+'),
    options: { ...(upstream === null ? {} : { upstream: upstream.href }), routes: hrefs },
  };
}

/** Refuses what makes sense in the other mode only. Throws CliError FLAG_VALUE. */
export function checkModeFlags(targets: RecordTargets, flag: FlagReader<RecordFlags>): void {
  if (targets.byPrefix.size > 0) {
    checkNoTls(flag);
    return;
  }
  if (!flag('keep-host')) return;
  throw new CliError(
    'FLAG_VALUE',
    '--keep-host goes with a TARGET: without one the host is always what the client asks for.',
  );
}

function checkNoTls(flag: FlagReader<RecordFlags>): void {
  const names = ['intercept', 'tunnel'] as const;
  const given = flag('h2') ? 'h2' : names.find((name) => flag(name).length > 0);
  if (given === undefined) return;
  throw new CliError(
    'FLAG_VALUE',
    `--${given} goes without a TARGET: with one, clients speak plain HTTP/1.1 to calltape.`,
  );
}
