import type { Duplex } from 'node:stream';
import { ownAnswerBytes } from './own-answer.ts';
import type { OwnAnswer } from './own-answer.ts';

/** Answers on a socket that no HTTP server writes to any more, and ends the connection. */
export function refuseSocket(socket: Duplex, status: number, answer: OwnAnswer): void {
  socket.on('error', () => socket.destroy());
  socket.end(ownAnswerBytes(status, answer), () => socket.destroy());
}

/** A request that node:http could not read, as an answer; null when none may be sent. */
export function answerToBadRequest(
  code: string,
): { readonly status: number; readonly answer: OwnAnswer } | null {
  switch (code) {
    // Bytes behind a request that closes the connection: the request itself is still answered.
    case 'HPE_CLOSED_CONNECTION':
      return null;
    case 'HPE_HEADER_OVERFLOW':
      return refusal(431, 'The header fields of the request are over 256 KiB. Send smaller ones.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refusal(408, 'The request did not arrive in time. Send it in one go.');
    default:
      return refusal(400, `The request is not valid HTTP/1.1 (${code}). Correct its syntax.`);
  }
}

function refusal(
  status: number,
  message: string,
): { readonly status: number; readonly answer: OwnAnswer } {
  return { status, answer: { code: 'REQUEST_INVALID', message } };
}

export const CONNECT_REFUSED: OwnAnswer = {
  code: 'CONNECT_UNSUPPORTED',
  message:
    'The mock is no tunnel: it answers requests itself. Use its URL as the base URL of the client.',
};
