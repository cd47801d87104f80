/** Scheme, host and port, taken apart once so that no call has to parse a URL. */
export interface Origin {
  /** As in `URL.origin`. */
  readonly origin: string;
  readonly secure: boolean;
  /** Name or address to connect to; IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** What a `Host` field names: the port only where it is not the scheme's own. */
  readonly authority: string;
}

/** @param url - An http or https URL. */
export function originOf(url: URL): Origin {
  const secure = url.protocol === 'https:';
  return {
    origin: url.origin,
    secure,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    authority: url.host,
  };
}
