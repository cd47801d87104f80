import { domainToASCII } from 'node:url';
import { ProxyError } from './errors.ts';
import type { Origin } from './origin.ts';

/** `*`, `*.example.com`, `example.com:8443`, `[::1]:443`. */
const PATTERN = /^(?<host>\[[\da-f:.]+\]|[^\s:/?#@[\]]+)(?::(?<port>\d{1,5}))?$/i;

/** Whether calls to an origin are meant. */
export type HostMatch = (origin: Pick<Origin, 'hostname' | 'port'>) => boolean;

/** Whether a name is made of these pieces with anything in between; takes linear time. */
function isMadeOf(name: string, pieces: readonly string[]): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

function oneMatch(text: string): HostMatch {
  const { host, port } = PATTERN.exec(text)?.groups ?? {};
  if (host === undefined) {
    const message = `"${text}" is not a host pattern such as api.example.com, *.example.com or api.example.com:8443.`;
    throw new ProxyError('PATTERN_INVALID', message);
  }
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '');
  const pieces = (domainToASCII(bare) || bare).split('*');
  return (origin) =>
    (port === undefined || Number(port) === origin.port) && isMadeOf(origin.hostname, pieces);
}

/**
 * Reads host patterns, in which `*` stands for any characters; without a port they mean every one.
 *
 * @returns what matches any of them.
 * @throws ProxyError PATTERN_INVALID
 */
export function hostMatch(patterns: readonly string[]): HostMatch {
  const all = patterns.map(oneMatch);
  return (origin) => all.some((matches) => matches(origin));
}
