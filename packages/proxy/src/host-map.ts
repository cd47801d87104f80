import { ProxyError } from './errors.ts';
import { parseHostPattern } from './host-pattern.ts';
import type { HostPattern } from './host-pattern.ts';
import type { Origin } from './origin.ts';
import { parseUpstream } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** Where the calls to some hosts really go. */
interface Mapping {
  readonly from: HostPattern;
  readonly to: Upstream;
}

/** The hosts whose calls a forward proxy takes elsewhere; of several that fit, the first holds. */
export class HostMap {
  readonly #mappings: readonly Mapping[];

  /**
   * @param map - URLs by host pattern.
   * @throws ProxyError MAP_INVALID or UPSTREAM_INVALID
   */
  constructor(map: Readonly<Record<string, string>>) {
    this.#mappings = Object.entries(map).map(([host, url]) => {
      const from = parseHostPattern(host);
      if (from !== null) return { from, to: parseUpstream(url) };
      const message = `The mapped host "${host}" is not a host such as api.example.com, api.example.com:8443 or *.example.com.`;
      throw new ProxyError('MAP_INVALID', message);
    });
  }

  /** All the places that calls are taken to. */
  get upstreams(): Upstream[] {
    return this.#mappings.map(({ to }) => to);
  }

  /** Where the calls to a host go instead; null where they go to the host itself. */
  find({ hostname, port }: Origin): Upstream | null {
    return this.#mappings.find(({ from }) => from.matches(hostname, port))?.to ?? null;
  }
}
