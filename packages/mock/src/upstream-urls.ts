import { BodyUrls, cookieAtPath, movedCookie, withMovedUrls } from '@calltape/store';
import type { FlatHeaders, MovedSite } from '@calltape/store';
import { changedValues, withEditedBody, withEditedFields } from './body-edit.ts';
import { targetAt } from './routes.ts';
import type { Site } from './routes.ts';
import type { Plan } from './step.ts';
import { splitUrl } from './target.ts';

/** An origin that can stand in a URL of a body without a look at what is around it. */
const ORIGIN = /^(?<scheme>https?):\/\/(?<host>[\w.:[\]-]+)$/;

/** An origin that no client has. */
const NOWHERE = 'http://nowhere.invalid';

/** An API that was recorded over TLS may still name its unencrypted address, and the other way round. */
function bothSchemes({ host, basePath, prefix }: Site): MovedSite[] {
  const url = URL.parse(`http://${host}`);
  if (url === null) return [];
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return [true, false].map((secure) => {
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    return { prefix, upstream: { hostname, port, secure, authority: url.host, basePath } };
  });
}

/** The places that recorded answers name as their own, to be moved to where the mock is. */
export class UpstreamUrls {
  /** By host; of several the one with the longest path first, as {@link BodyUrls} has it too. */
  readonly #sites: ReadonlyMap<string, readonly Site[]>;
  readonly #names: ReadonlySet<string>;
  readonly #bodies: BodyUrls | null;

  /**
   * @param sites - Where recorded hosts are found, and the recorder itself, to which it may have moved
   *   URLs already.
   * @param inBodies - Move the URLs in the text of answers too, and not in header fields alone.
   */
  constructor(sites: readonly Site[], inBodies: boolean) {
    const nearest = sites.toSorted((one, other) => other.basePath.length - one.basePath.length);
    this.#sites = Map.groupBy(nearest, ({ host }) => host);
    this.#names = new Set(
      sites.map(({ host }) => host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')),
    );
    const moved = inBodies ? sites.flatMap(bothSchemes) : [];
    this.#bodies = moved.length === 0 ? null : new BodyUrls(moved);
  }

  /** Whether an answer names a place that moves. */
  concerns(plan: Plan, host: string): boolean {
    return this.moved(plan, NOWHERE, host) !== plan;
  }

  /**
   * Returns the plan it was given when nothing in it moves.
   *
   * @param own - The mock's own origin as the client knows it; empty, so that URLs in fields become
   *   relative, where that is not known.
   * @param host - Where the answer was recorded.
   */
  moved(plan: Plan, own: string, host: string): Plan {
    const fields = withEditedFields(plan, (headers) => this.#fields(headers, own, host));
    const bodies = this.#bodies;
    const { scheme, host: place } = ORIGIN.exec(own)?.groups ?? {};
    if (bodies === null || place === undefined) return fields;
    return withEditedBody(fields, (text) => bodies.edits(text, place, scheme === 'https'));
  }

  #fields(headers: FlatHeaders, own: string, host: string): FlatHeaders {
    const moved = withMovedUrls(headers, (url) => this.#movedUrl(url, own));
    return changedValues(moved, (name, value) =>
      name === 'set-cookie' ? this.#movedCookie(value, host) : value,
    );
  }

  #movedCookie(value: string, host: string): string {
    const cookie = movedCookie(value, this.#names);
    return cookieAtPath(cookie, (path) => this.#cookiePath(path, host));
  }

  /** A cookie for more than a site has of its host is for all of the site. */
  #cookiePath(path: string, host: string): string | undefined {
    for (const site of this.#sites.get(host) ?? []) {
      const isAll = path === '/' || site.basePath.startsWith(path.replace(/\/?$/, '/'));
      const target = isAll ? site.prefix || '/' : targetAt(site, path);
      if (target !== undefined) return target === '' ? '/' : target;
    }
    return undefined;
  }

  /** Gives a URL of a site its place at the mock; leaves every other as it is. */
  #movedUrl(url: string, own: string): string {
    const parts = splitUrl(url);
    if (parts === undefined) return url;
    for (const site of this.#sites.get(parts.host) ?? []) {
      const target = targetAt(site, parts.target);
      const hash = url.indexOf('#');
      if (target !== undefined) return own + target + (hash === -1 ? '' : url.slice(hash));
    }
    return url;
  }
}
