export type ProxyErrorCode =
  | 'UPSTREAM_INVALID'
  | 'ROUTE_INVALID'
  | 'HOST_INVALID'
  | 'PORT_INVALID'
  | 'PORT_TAKEN'
  | 'PORT_FORBIDDEN'
  | 'CA_INVALID'
  | 'PATTERN_INVALID'
  | 'LIMIT_INVALID'
  | 'LISTEN_FAILED'
  | 'AUTHORITY_EXPOSED'
  | 'AUTHORITY_DAMAGED'
  | 'AUTHORITY_EXPIRED'
  | 'AUTHORITY_UNAVAILABLE';

/** The proxy cannot start as asked; the message says what to change. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
