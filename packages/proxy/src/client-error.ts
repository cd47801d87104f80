import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeAfter } from './close-after.ts';
import { answerFailure, rawFailure } from './error-answer.ts';
import { codeOf } from './failure.ts';
import { parserFailure } from './refusal.ts';

/** Connections on which nobody is left to read an answer. */
const LEFT = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE']);

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

/**
 * Answers bytes that are not a request.
 *
 * @param pending - The answer still due on this connection, if any.
 */
export function onClientError(error: Error, socket: Socket, pending: ServerResponse | null): void {
  const code = codeOf(error);
  // Bytes behind a request that said "Connection: close": its answer is still on the way.
  if (code === 'HPE_CLOSED_CONNECTION') return;
  if (LEFT.has(code) || !socket.writable || socket.bytesRead === 0) socket.destroy();
  else if (pending !== null) refuseBehind(error, pending, socket);
  else {
    socket.write(rawFailure(parserFailure(code, error.message)));
    socket.destroySoon();
  }
}
