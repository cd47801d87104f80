import { codeOf } from './failure.ts';
import type { CallErrorCode, Failure } from './failure.ts';

/** Longer than any handshake takes, so that a client that stalls is noticed, ms. */
export const HANDSHAKE_MS = 10_000;

/**
 * The alerts of clients that do not trust the certificate (RFC 8446 section 6.2), and the ends of
 * connections of those that send none: Node.js and Bun.
 */
const DISTRUST =
  /ALERT_(?:UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)$/;
const LEFT = new Set(['ECONNRESET', 'EPIPE']);
const MISMATCH =
  /(?:NO_SHARED_CIPHER|NO_SUITABLE_|NO_APPLICATION_PROTOCOL|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|WRONG_SSL_VERSION|ALERT_PROTOCOL_VERSION|ALERT_HANDSHAKE_FAILURE)/;

/** Why no TLS could be agreed with a client. */
export interface HandshakeFailure extends Failure {
  /** The authority, such as api.example.com:443, that the client meant to call. */
  readonly authority: string;
}

/** What the sentences about a failed handshake name. */
export interface Attempted {
  /** Where the client meant to call. */
  readonly authority: string;
  /** The certificate it would have to trust. */
  readonly certificateFile: string;
}

function failure(code: CallErrorCode, authority: string, message: string): HandshakeFailure {
  return { status: 502, code, authority, message };
}

/** @param how - What the client did, such as "sent the alert unknown ca". */
export function distrust({ authority, certificateFile }: Attempted, how: string): HandshakeFailure {
  const message =
    `The client does not trust calltape's certificate for ${authority}: it ${how}. ` +
    `Let it trust ${certificateFile} (calltape ca says how), start it with calltape run, or leave that host unread with --tunnel ${authority}.`;
  return failure('CLIENT_TRUST', authority, message);
}

function alertIn(code: string): string {
  return code
    .replace(/^.*ALERT_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
}

/** Whether this is an alert that says so. */
export function isDistrust(error: Error | null): boolean {
  return error !== null && DISTRUST.test(codeOf(error));
}

/** The TLS library's words without the places in its source. */
function detailOf(error: Error): string {
  const [, , , , reason] = error.message.split(':');
  return reason === undefined ? error.message.trim() : `${reason} (${codeOf(error)})`;
}

/** Tells from a failed handshake what the client did. */
export function handshakeFailure(error: Error, attempted: Attempted): HandshakeFailure {
  const code = codeOf(error);
  const { authority } = attempted;
  if (isDistrust(error)) return distrust(attempted, `sent the alert "${alertIn(code)}"`);
  if (LEFT.has(code)) {
    return distrust(attempted, 'closed the connection when it saw the certificate');
  }
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return stalled(authority);
  if (MISMATCH.test(code)) {
    const message = `The client and calltape have no TLS in common for ${authority}: ${detailOf(error)}. calltape speaks TLS 1.2 and 1.3 with HTTP/1.1 or HTTP/2; change the client's settings, or leave that host unread with --tunnel ${authority}.`;
    return failure('CLIENT_TLS_MISMATCH', authority, message);
  }
  return invalidHandshake(authority, detailOf(error));
}

export function stalled(authority: string): HandshakeFailure {
  const message = `The client began a TLS handshake for ${authority} and did not end it within ${HANDSHAKE_MS / 1000} s. Look into the client.`;
  return failure('CLIENT_TLS_TIMEOUT', authority, message);
}

export function invalidHandshake(authority: string, detail: string): HandshakeFailure {
  const message = `What the client sent for ${authority} is no TLS handshake: ${detail}. If it speaks a protocol of its own, leave that host unread with --tunnel ${authority}.`;
  return failure('CLIENT_TLS_INVALID', authority, message);
}
