import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeAfter } from './close-after.ts';
import { answerFailure, rawFailure } from './error-answer.ts';
import { codeOf, speaksTls } from './failure.ts';
import type { Failure } from './failure.ts';
import { parserFailure } from './refusal.ts';

/** Connections on which nobody is left to read an answer. */
const LEFT = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE']);

/** The first byte of a TLS connection: a record of type handshake (RFC 8446 section 5.1). */
const TLS_HANDSHAKE = 0x16;

function refuseBehind(error: Error, response: ServerResponse, socket: Socket): void {
  if (response.req.complete) {
    // The bad bytes came behind a whole request, which still gets its answer.
    closeAfter(response, socket);
  } else if (response.headersSent) {
    socket.destroy();
  } else {
    response.shouldKeepAlive = false;
    answerFailure(response, parserFailure(codeOf(error), error.message));
  }
}

/** The bytes that the parser has stumbled over, where it says. */
export function rawPacketOf(error: Error): Buffer | null {
  return 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket : null;
}

function failureOf(error: Error, socket: Socket): Failure {
  const raw = rawPacketOf(error);
  const isFirst = raw !== null && socket.bytesRead === raw.length;
  if (isFirst && raw[0] === TLS_HANDSHAKE) return speaksTls();
  return parserFailure(codeOf(error), error.message);
}

/**
 * Answers bytes that are not a request.
 *
 * @param pending - The answer still due on this connection, if any.
 * @returns Why they were refused; null when they cost nobody but a call that is told of already.
 */
export function onClientError(
  error: Error,
  socket: Socket,
  pending: ServerResponse | null,
): Failure | null {
  const code = codeOf(error);
  // Bytes behind a request that said "Connection: close": its answer is still on the way.
  if (code === 'HPE_CLOSED_CONNECTION') return null;
  if (LEFT.has(code) || !socket.writable || socket.bytesRead === 0) socket.destroy();
  else if (pending !== null) refuseBehind(error, pending, socket);
  else {
    const failure = failureOf(error, socket);
    socket.write(rawFailure(failure));
    socket.destroySoon();
    return failure;
  }
  return null;
}
