import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Who may ask one of calltape's own small servers. */
export interface Gate {
  readonly port: number;
  /** What a client has to show; null where the figures are for everybody on this machine. */
  readonly token: string | null;
}

/** What a browser says of requests that the user, or a page of this very server, has made. */
const OWN_SITES: ReadonlySet<string> = new Set(['none', 'same-origin']);

/** The names that lead to a server on the loopback, and to it alone. */
function ownHosts(port: number): string[] {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  return [...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])];
}

/** Every value of a field; node:http keeps only the first of some. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

/**
 * A page of another site whose name has been made to lead to this machine (DNS rebinding) is of the
 * same origin for its browser, but not in its Host.
 */
function checkHost(request: IncomingMessage, port: number): void {
  const [host = '', ...more] = valuesOf(request, 'host');
  if (more.length === 0 && ownHosts(port).includes(host.toLowerCase())) return;
  const message = `This server answers to 127.0.0.1:${port} and localhost:${port} only. Use one of these as the host.`;
  throw new Refusal(421, 'HOST_REFUSED', message);
}

function checkSite(request: IncomingMessage, port: number): void {
  const own = new Set(ownHosts(port).map((host) => `http://${host}`));
  const isOwn =
    valuesOf(request, 'origin').every((origin) => own.has(origin.toLowerCase())) &&
    valuesOf(request, 'sec-fetch-site').every((site) => OWN_SITES.has(site));
  if (isOwn) return;
  const message = 'Web pages of other sites may not use this server. Ask it from a program.';
  throw new Refusal(403, 'ORIGIN_REFUSED', message);
}

/** Hashes are of one length, and comparing them says nothing of where two tokens differ. */
function isSame(given: string, token: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', token, 'buffer'));
}

function checkToken(request: IncomingMessage, token: string): void {
  const [value = '', ...more] = valuesOf(request, 'authorization');
  const given = /^Bearer +(\S+)$/i.exec(value)?.[1];
  if (given !== undefined && more.length === 0 && isSame(given, token)) return;
  const message =
    'Send the token that calltape printed when it started, as "Authorization: Bearer TOKEN".';
  throw new Refusal(401, 'TOKEN_REQUIRED', message, { 'www-authenticate': 'Bearer' });
}

/**
 * Lets a request in or throws Refusal: whoever comes under a foreign name, from a page of another
 * site, or without the token gets nothing, whatever it is after.
 */
export function checkAtGate(request: IncomingMessage, { port, token }: Gate): void {
  if (request.url?.startsWith('/') !== true) {
    throw new Refusal(400, 'TARGET_INVALID', 'This server is no proxy. Ask for a path.');
  }
  checkHost(request, port);
  checkSite(request, port);
  if (token !== null) checkToken(request, token);
}
