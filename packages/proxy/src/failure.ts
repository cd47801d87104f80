import { MalformedAnswer } from './malformed-answer.ts';

/**
 * Why a call has no whole answer: the closed list behind a row's error type, the `code` of the JSON
 * error and the `x-calltape-error` field.
 */
export type CallErrorCode =
  | 'UPSTREAM_REFUSED'
  | 'UPSTREAM_UNREACHABLE'
  | 'UPSTREAM_DNS'
  | 'UPSTREAM_TLS'
  | 'UPSTREAM_RESET'
  | 'UPSTREAM_CUT'
  | 'UPSTREAM_PROTOCOL'
  | 'UPSTREAM_CONNECT_TIMEOUT'
  | 'UPSTREAM_TIMEOUT'
  | 'CLIENT_LEFT'
  | 'CLIENT_TRUST'
  | 'CLIENT_TLS_MISMATCH'
  | 'CLIENT_TLS_TIMEOUT'
  | 'CLIENT_TLS_INVALID'
  | 'REQUEST_MALFORMED'
  | 'REQUEST_STALLED'
  | 'REQUEST_HEAD_TOO_LARGE'
  | 'REQUEST_HEAD_TIMEOUT'
  | 'REQUEST_HOST_INVALID'
  | 'REQUEST_CODING_UNSUPPORTED'
  | 'REQUEST_VERSION_UNSUPPORTED'
  | 'UPGRADE_UNSUPPORTED'
  | 'CONNECT_UNSUPPORTED'
  | 'FORWARD_TARGET_INVALID'
  | 'FORWARD_TARGET_REFUSED'
  | 'ROUTE_UNKNOWN'
  | 'RECORDER_STOPPED'
  | 'RECORDER_FULL'
  | 'INTERNAL_ERROR';

/** What went wrong with one call, as the client is told and the tape keeps it. */
export interface Failure {
  /** Status of the answer that calltape makes where there is none. */
  readonly status: number;
  readonly code: CallErrorCode;
  readonly message: string;
}

/** A call that is not made, for the reason its failure tells. */
export class RefusedCall extends Error {
  override readonly name = 'RefusedCall';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

const UNREACHABLE = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
]);
const TLS =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_|HOSTNAME_|EPROTO$)/;
const DNS = /^(?:ENOTFOUND|EAI_|ENODATA|ESERVFAIL|ETIMEOUT$)/;
const CERTIFICATE =
  /^(?:CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_|HOSTNAME_|ERR_TLS_CERT)/;

export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function named(error: Error): string {
  return codeOf(error) || error.message;
}

function tlsMessage(error: Error, origin: string): string {
  const advice = CERTIFICATE.test(codeOf(error))
    ? 'If it uses a private authority, give its root certificate as an extra root'
    : 'Check that it speaks TLS at this port';
  return `The TLS handshake with ${origin} failed (${named(error)}): ${error.message}. ${advice}.`;
}

const PROTOCOL_ADVICE = 'Check what listens there; the answer cannot be passed on safely';

/** An error from the connection before a response head was there. */
export function upstreamFailure(error: Error, origin: string, handshaking: boolean): Failure {
  if (error instanceof RefusedCall) return error.failure;
  if (error instanceof MalformedAnswer) return protocolFailure(error.message, origin);
  const code = codeOf(error);
  const because = `(${named(error)})`;
  if (code === 'ECONNREFUSED') {
    const message = `Nothing accepts connections at ${origin} ${because}. Start the upstream or correct its address.`;
    return { status: 502, code: 'UPSTREAM_REFUSED', message };
  }
  if (code === 'ETIMEDOUT') {
    const message = `${origin} did not accept the connection in time ${because}. Check the address, the network and any firewall.`;
    return { status: 504, code: 'UPSTREAM_CONNECT_TIMEOUT', message };
  }
  if (UNREACHABLE.has(code)) {
    const message = `There is no way to ${origin} ${because}. Check the address, the network and any VPN.`;
    return { status: 502, code: 'UPSTREAM_UNREACHABLE', message };
  }
  if (DNS.test(code)) {
    const message = `The name in ${origin} does not resolve ${because}. Check its spelling and this machine's DNS.`;
    return { status: 502, code: 'UPSTREAM_DNS', message };
  }
  if (handshaking || TLS.test(code)) {
    return { status: 502, code: 'UPSTREAM_TLS', message: tlsMessage(error, origin) };
  }
  const message = `${origin} closed the connection before it answered ${because}. Look into the upstream's own log.`;
  return { status: 502, code: 'UPSTREAM_RESET', message };
}

/** The upstream sent something that is not HTTP/1.1 as this proxy can pass it on. */
export function protocolFailure(detail: string, origin: string): Failure {
  const message = `${origin} answered with invalid HTTP: ${detail}. ${PROTOCOL_ADVICE}.`;
  return { status: 502, code: 'UPSTREAM_PROTOCOL', message };
}

/** An error after the response head: the client has a part of the answer already. */
export function cutFailure(error: Error | null, origin: string): Failure {
  if (error instanceof MalformedAnswer) return protocolFailure(error.message, origin);
  if (error !== null && 'syscall' in error) {
    const message = `${origin} reset the connection in the middle of its answer (${named(error)}).`;
    return { status: 502, code: 'UPSTREAM_RESET', message };
  }
  const message = `${origin} closed the connection in the middle of its answer.`;
  return { status: 502, code: 'UPSTREAM_CUT', message };
}

export function internalFailure(error: unknown): Failure {
  const detail = error instanceof Error ? error.message : String(error);
  const message = `calltape failed to relay this call: ${detail}. Please report it.`;
  return { status: 500, code: 'INTERNAL_ERROR', message };
}

/** Why a request could not be put on the wire at all. */
export function sendFailure(error: unknown): Failure {
  return error instanceof RefusedCall ? error.failure : internalFailure(error);
}

export function connectTimeout(origin: string, limitMs: number): Failure {
  const message = `${origin} did not accept the connection within ${limitMs} ms. Check the address, the network and any firewall.`;
  return { status: 504, code: 'UPSTREAM_CONNECT_TIMEOUT', message };
}

export function responseTimeout(origin: string, limitMs: number): Failure {
  const message = `${origin} took the request but did not answer within ${limitMs} ms. Raise the response timeout if it needs longer.`;
  return { status: 504, code: 'UPSTREAM_TIMEOUT', message };
}

export function clientLeft(): Failure {
  const message = 'The client closed the connection before it had the whole answer.';
  return { status: 499, code: 'CLIENT_LEFT', message };
}

export function requestMalformed(): Failure {
  const message = 'The content of the request is not valid HTTP/1.1. Correct the client.';
  return { status: 400, code: 'REQUEST_MALFORMED', message };
}

export function requestStalled(limitMs: number): Failure {
  const message = `The client sent nothing for ${limitMs} ms in the middle of its request. Send the rest sooner or repeat the call.`;
  return { status: 408, code: 'REQUEST_STALLED', message };
}

export function recorderStopped(): Failure {
  const message = 'The recorder was stopped before the call ended.';
  return { status: 503, code: 'RECORDER_STOPPED', message };
}

export function webSocketLeft(): Failure {
  const message = 'The client closed the connection without closing its WebSocket first.';
  return { status: 499, code: 'CLIENT_LEFT', message };
}

/** @param error - Null when the upstream ended the connection in order, as far as TCP goes. */
export function webSocketCut(error: Error | null, origin: string): Failure {
  if (error === null) {
    const message = `${origin} closed the connection without closing its WebSocket first.`;
    return { status: 502, code: 'UPSTREAM_CUT', message };
  }
  const message = `${origin} reset the connection of its WebSocket (${named(error)}).`;
  return { status: 502, code: 'UPSTREAM_RESET', message };
}

/** The client has begun a TLS handshake where plain HTTP is spoken. */
export function speaksTls(): Failure {
  const message =
    'The client speaks TLS to the recorder, which takes plain HTTP here. Use http:// in its address of the recorder; the recorder itself calls an https:// target over TLS.';
  return { status: 400, code: 'REQUEST_MALFORMED', message };
}

/** @param problem - Why the tape could not keep a call. */
export function recorderFull(problem: string): Failure {
  const message = `The recorder is strict and could not keep a call (${problem}), so this one is not passed on. Make room and start the recorder again.`;
  return { status: 503, code: 'RECORDER_FULL', message };
}
