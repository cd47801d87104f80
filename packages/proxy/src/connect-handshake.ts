import type { Socket } from 'node:net';
import { proxyAuthorization } from './proxy-address.ts';
import type { ProxyAddress } from './proxy-address.ts';
import { proxyDenied, proxyRefused, proxyUnreachable } from './proxy-failure.ts';

/** More than that is no answer to CONNECT. */
const MAX_ANSWER_BYTES = 64 * 1024;
const STATUS_LINE = /^HTTP\/1\.[01] (?<status>\d{3})(?: (?<reason>[^\r\n]*))?\r?\n/;
/** A reason phrase that is longer goes on without us. */
const REASON_LENGTH = 100;

/** Called once: with null when the tunnel stands. */
export type Tunnelled = (error: Error | null) => void;

function requestHead(proxy: ProxyAddress, authority: string): string {
  const authorization = proxyAuthorization(proxy);
  const line = authorization === null ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${line}\r\n`;
}

/** What the answer to CONNECT means (RFC 9110 section 9.3.6); null when the tunnel stands. */
function errorOf(proxy: ProxyAddress, authority: string, answer: string): Error | null {
  const { status = '', reason = '' } = STATUS_LINE.exec(answer)?.groups ?? {};
  if (status.startsWith('2')) return null;
  if (status === '') return proxyUnreachable(proxy, new Error('it does not speak HTTP'));
  const detail = `${status} ${reason}`.trim().slice(0, REASON_LENGTH);
  if (status === '407') return proxyDenied(proxy, detail);
  return proxyRefused(proxy, authority, detail);
}

/**
 * Asks an HTTP proxy for a tunnel.
 *
 * @param authority - Host and port where it is to lead.
 */
export function connectHandshake(
  socket: Socket,
  proxy: ProxyAddress,
  authority: string,
  tunnelled: Tunnelled,
): void {
  let answer = Buffer.alloc(0);
  const settle = (error: Error | null): void => {
    socket.off('readable', onReadable).off('end', onEnd);
    tunnelled(error);
  };
  const onEnd = (): void => {
    settle(proxyUnreachable(proxy, new Error('it closed the connection')));
  };
  const onReadable = (): void => {
    for (let bytes = socket.read(); bytes !== null; bytes = socket.read()) {
      answer = Buffer.concat([answer, bytes]);
    }
    const end = /\r?\n\r?\n/.exec(answer.toString('latin1'));
    if (end === null && answer.length <= MAX_ANSWER_BYTES) return;
    const length = end === null ? 0 : end.index + end[0].length;
    const rest = answer.subarray(length);
    if (rest.length > 0 && end !== null) socket.unshift(rest);
    settle(errorOf(proxy, authority, answer.toString('latin1', 0, length)));
  };
  socket.on('readable', onReadable).once('end', onEnd);
  socket.write(requestHead(proxy, authority));
}
