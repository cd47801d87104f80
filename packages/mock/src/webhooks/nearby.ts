/**
 * Whether a host is this machine or one beside it: what a recorder in front of an app passes calls on
 * to. Addresses of RFC 1918, RFC 4193 and RFC 6598, loopback, and names that no public DNS has.
 */
export function isNearby(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (/^[\d.]+$/.test(host)) {
    return /^(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
      host,
    );
  }
  if (host.includes(':')) return host === '::1' || /^f[cd]/.test(host);
  return !host.includes('.') || /\.(?:localhost|local|internal|test|lan)$/.test(host);
}

/** Whether a host is this machine alone. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return /^127\.[\d.]+$/.test(host) || host === '::1' || /(?:^|\.)localhost$/.test(host);
}
