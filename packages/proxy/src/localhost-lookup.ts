import { lookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

type Found = Parameters<LookupFunction>[2];

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** RFC 6761 section 6.3: these names are the loopback's, whatever the system says. */
export function isLocalhost(hostname: string): boolean {
  return /^(?:.+\.)?localhost$/i.test(hostname);
}

/**
 * The addresses of a localhost name: the system's, and behind them what it leaves out of 127.0.0.1
 * and ::1, since a development server may listen on either one only.
 */
export function lookupLocalhost(hostname: string, options: LookupOptions, found: Found): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const known = error === null ? addresses : [];
    const missing = LOOPBACK.filter((one) => !known.some(({ address }) => address === one.address));
    found(null, [...known, ...missing]);
  });
}
