import { codeOf } from './failure.ts';

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** How a connection stood when a request on it failed. */
export interface FailedConnection {
  /** It had answered a request before. */
  readonly reused: boolean;
  /** Nothing of an answer came. */
  readonly silent: boolean;
}

/**
 * Whether a failed request may be sent again: the upstream closed a kept connection just as it was
 * used, nothing of an answer came, and sending it twice does no harm (RFC 9112 section 9.3.1). The
 * request must have no content.
 *
 * @param error - Null when the connection was closed in an orderly way.
 */
export function mayRetry(
  method: string,
  { reused, silent }: FailedConnection,
  error: Error | null,
): boolean {
  if (!reused || !silent || !IDEMPOTENT.has(method)) return false;
  const code = error === null ? 'ECONNRESET' : codeOf(error);
  return code === 'ECONNRESET' || code === 'EPIPE';
}
