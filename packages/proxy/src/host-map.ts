import { hostMatch } from './host-pattern.ts';
import type { HostMatch } from './host-pattern.ts';
import type { Origin } from './origin.ts';
import { parseUpstream } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** Where the calls to some hosts really go. */
interface Mapping {
  readonly from: HostMatch;
  readonly to: Upstream;
}

/** The hosts whose calls a forward proxy takes elsewhere; of several that fit, the first holds. */
export class HostMap {
  readonly #mappings: readonly Mapping[];

  /**
   * @param map - URLs by host pattern.
   * @throws ProxyError PATTERN_INVALID or UPSTREAM_INVALID
   */
  constructor(map: Readonly<Record<string, string>>) {
    this.#mappings = Object.entries(map).map(([host, url]) => {
      return { from: hostMatch([host]), to: parseUpstream(url) };
    });
  }

  /** All the places that calls are taken to. */
  get upstreams(): Upstream[] {
    return this.#mappings.map(({ to }) => to);
  }

  /** Where the calls to a host go instead; null where they go to the host itself. */
  find(asked: Origin): Upstream | null {
    return this.#mappings.find(({ from }) => from(asked))?.to ?? null;
  }
}
