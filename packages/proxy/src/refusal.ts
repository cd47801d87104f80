import type { IncomingRequest } from './client-side.ts';
import type { Failure } from './failure.ts';
import type { HeadScan } from './head-scan.ts';
import type { Http2Request } from './http2-request.ts';

const KNOWN_VERSIONS = new Set(['1.0', '1.1', '2']);

function hostFailure(hosts: number, version: string): Failure | null {
  if (hosts > 1 || (hosts === 0 && version !== '1.0')) {
    const found = hosts === 0 ? 'no Host field' : `${hosts} Host fields`;
    const message = `The request has ${found}; HTTP asks for exactly one. Correct the client.`;
    return { status: 400, code: 'REQUEST_HOST_INVALID', message };
  }
  return null;
}

/**
 * Requests that the parser lets through but that the upstream might read in another way than we do
 * (RFC 9112 sections 2.3, 3.2 and 6.1). Both lengths at once, repeated lengths, folded lines and bad
 * chunks do not come this far.
 */
export function refusalOf(request: IncomingRequest, head: HeadScan): Failure | null {
  const { httpVersion } = request;
  if (!KNOWN_VERSIONS.has(httpVersion)) {
    const message = `The request is HTTP/${httpVersion}; HTTP/1.1 and HTTP/1.0 are understood here. Change the client's version.`;
    return { status: 505, code: 'REQUEST_VERSION_UNSUPPORTED', message };
  }
  const { codings } = head;
  if (codings !== '' && (httpVersion === '1.0' || codings.toLowerCase() !== 'chunked')) {
    const message = `The request is HTTP/${httpVersion} with the transfer coding "${codings}"; only "chunked" in HTTP/1.1 is passed on. Correct the client.`;
    return { status: 400, code: 'REQUEST_CODING_UNSUPPORTED', message };
  }
  return hostFailure(head.hosts, httpVersion);
}

/** A tunnel is not offered in reverse mode, nor inside another one (RFC 9110 section 9.3.6). */
export function connectFailure(): Failure {
  const message =
    'CONNECT asks for a forward proxy, but this address leads to one place already. Send requests to it directly.';
  return { status: 501, code: 'CONNECT_UNSUPPORTED', message };
}

export function upgradeFailure(protocol: string): Failure {
  const message = `An upgrade to "${protocol}" is not answered here. Connect that client to the upstream directly.`;
  return { status: 501, code: 'UPGRADE_UNSUPPORTED', message };
}

/**
 * Requests that HTTP/2 lets through but that cannot be passed on in HTTP/1.1, or would mean something
 * else there (RFC 9113 section 10.3).
 */
export function streamRefusalOf({ method, isSound }: Http2Request): Failure | null {
  if (method === 'CONNECT') return connectFailure();
  if (isSound) return null;
  const message =
    'The :method or :path of the request cannot be said in HTTP/1.1, in which it is passed on. Correct the client.';
  return { status: 400, code: 'REQUEST_MALFORMED', message };
}

/** Tells what the parser or its clock has found wrong with bytes from a client. */
export function parserFailure(code: string, detail: string): Failure {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        code: 'REQUEST_HEAD_TOO_LARGE',
        message: 'The request line and header fields exceed 256 KiB. Send less in them.',
      };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return {
        status: 413,
        code: 'REQUEST_MALFORMED',
        message: 'The chunk extensions of the request are too long. Leave them out.',
      };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: 408,
        code: 'REQUEST_HEAD_TIMEOUT',
        message: 'The request head did not arrive in time. Send it in one go.',
      };
    default:
      return {
        status: 400,
        code: 'REQUEST_MALFORMED',
        message: `The request is not valid HTTP/1.1 (${code}): ${detail}. Correct the client.`,
      };
  }
}
