import type { ClientRequest } from 'node:http';
import { codeOf } from './failure.ts';

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/**
 * Whether a failed request may be sent again: the upstream closed a kept connection just as it was
 * used, nothing of an answer came, and sending it twice does no harm (RFC 9112 section 9.3.1). The
 * request must have no content.
 *
 * @param receivedBefore - Bytes the connection had received when the request was put on it.
 */
export function mayRetry(request: ClientRequest, error: Error, receivedBefore: number): boolean {
  if (!request.reusedSocket || !IDEMPOTENT.has(request.method)) return false;
  if (request.socket?.bytesRead !== receivedBefore) return false;
  const code = codeOf(error);
  return code === 'ECONNRESET' || code === 'EPIPE';
}
