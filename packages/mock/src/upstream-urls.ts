import { BodyUrls, movedCookie, withMovedUrls } from '@calltape/store';
import type { FlatHeaders, MovedSite } from '@calltape/store';
import { changedValues, withEditedBody, withEditedFields } from './body-edit.ts';
import type { Plan } from './step.ts';
import { normalHost, splitUrl } from './target.ts';

/** Where a client reaches the mock, in the client's words. */
export interface MockPlace {
  /** With the port; empty when the client did not say, so that URLs become relative. */
  readonly host: string;
  /** By TLS. */
  readonly secure: boolean;
}

/** What can stand in a URL of a body without a look at what is around it. */
const HOST = /^[\w.:[\]-]+$/;

/** A host that no client has. */
const NOWHERE: MockPlace = { host: 'nowhere.invalid', secure: false };

function originOf({ host, secure }: MockPlace): string {
  return host === '' ? '' : `${secure ? 'https' : 'http'}://${host}`;
}

/** Gives a URL of one of the hosts the mock's origin; leaves every other as it is. */
function movedUrl(url: string, hosts: ReadonlySet<string>, origin: string): string {
  const parts = splitUrl(url);
  if (parts === undefined || !hosts.has(parts.host)) return url;
  const hash = url.indexOf('#');
  return origin + parts.target + (hash === -1 ? '' : url.slice(hash));
}

/** An API that was recorded over TLS may still name its unencrypted address, and the other way round. */
function sitesOf(host: string): MovedSite[] {
  const url = URL.parse(`http://${host}`);
  if (url === null) return [];
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return [true, false].map((secure) => {
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    return { prefix: '', upstream: { hostname, port, secure, authority: url.host, basePath: '' } };
  });
}

/** The places that recorded answers name as their own, to be moved to where the mock is. */
export class UpstreamUrls {
  readonly #hosts: ReadonlySet<string>;
  readonly #names: ReadonlySet<string>;
  readonly #bodies: BodyUrls | null;

  /**
   * @param hosts - Those that calls were recorded of, and that of the recorder itself, to which it may
   *   have moved URLs already.
   * @param inBodies - Move the URLs in the text of answers too, and not in header fields alone.
   */
  constructor(hosts: Iterable<string>, inBodies: boolean) {
    this.#hosts = new Set(Array.from(hosts, normalHost));
    this.#names = new Set(
      Array.from(this.#hosts, (host) => host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')),
    );
    this.#bodies =
      inBodies && this.#hosts.size > 0 ? new BodyUrls([...this.#hosts].flatMap(sitesOf)) : null;
  }

  /** Whether an answer names a place that moves. */
  concerns(plan: Plan): boolean {
    return this.moved(plan, NOWHERE) !== plan;
  }

  /** Returns the plan it was given when nothing in it moves. */
  moved(plan: Plan, place: MockPlace): Plan {
    const fields = withEditedFields(plan, (headers) => this.#fields(headers, originOf(place)));
    const bodies = this.#bodies;
    if (bodies === null || !HOST.test(place.host)) return fields;
    return withEditedBody(fields, (text) => bodies.edits(text, place.host, place.secure));
  }

  #fields(headers: FlatHeaders, origin: string): FlatHeaders {
    const moved = withMovedUrls(headers, (url) => movedUrl(url, this.#hosts, origin));
    return changedValues(moved, (name, value) =>
      name === 'set-cookie' ? movedCookie(value, this.#names) : value,
    );
  }
}
