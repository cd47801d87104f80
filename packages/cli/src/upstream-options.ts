import type { ProxyOptions } from '@calltape/proxy';
import { CliError } from './errors.ts';
import type { FlagReader } from './flag-reader.ts';
import type { HostText } from './host-kinds.ts';
import type { ListenAddress } from './listen-address.ts';
import type { RecorderFlags } from './tables/recorder.ts';
import { parseTarget } from './target.ts';

/** What the flags say about how upstreams are reached. Throws CliError for what cannot be. */
export function upstreamOptions(
  flag: FlagReader<RecorderFlags>,
  own: ListenAddress,
): Partial<ProxyOptions> {
  return { map: hostMap(flag('map'), own) };
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
