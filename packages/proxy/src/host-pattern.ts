import { domainToASCII } from 'node:url';

/** A host as the user writes it: `*` stands for any characters, a port narrows it down. */
export interface HostPattern {
  /** As it was written. */
  readonly text: string;
  /** @param hostname - IPv6 without brackets. */
  matches(hostname: string, port: number): boolean;
}

const PARTS = /^(?<host>\[[\da-f:.*]+\]|[^\s:/?#@[\]\\=,]+)(?::(?<port>\d{1,5}))?$/i;

/** Names as URLs have them: lower case, without umlauts. */
function asInUrls(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1).toLowerCase() : domainToASCII(host);
}

/** @returns null for what is not a host, with or without a port. */
export function parseHostPattern(text: string): HostPattern | null {
  const { host = '', port } = PARTS.exec(text)?.groups ?? {};
  const name = asInUrls(host);
  if (name === '') return null;
  // One dot at the end says that a name is whole (RFC 1034 section 3.1); it is the same host.
  const escaped = name.replace(/\.$/, '').replaceAll(/[^\w*-]/g, String.raw`\$&`);
  const shape = new RegExp(`^${escaped.replaceAll(/\*+/g, '[^]*')}\\.?$`, 'i');
  const only = port === undefined ? null : Number(port);
  return {
    text,
    matches: (hostname, at) => (only === null || only === at) && shape.test(hostname),
  };
}
