import type { ClientResponse } from './client-side.ts';
import { interimFields, sendableReason } from './response-head.ts';
import type { AnswerHead } from './response-parser.ts';

/** Gives the final response its head; nothing leaves before the first write. */
export function sendHead(
  response: ClientResponse,
  { status, statusText }: AnswerHead,
  fields: string[],
  http10: boolean,
): void {
  // An HTTP/1.1 connection persists without a word; node:http speaks up where HTTP/1.0 needs it.
  if (!http10) {
    response.removeHeader('connection');
    if (!response.shouldKeepAlive) fields.push('Connection', 'close');
  }
  response.writeHead(status, sendableReason(statusText), fields);
}

/** Sends a head at once; unlike `flushHeaders` it leaves bytes above ASCII as they are. */
export function flushHead(response: ClientResponse): void {
  response.write('', 'latin1');
}

/** Passes a 1xx response on (RFC 9110 section 15.2). */
export function sendInterim(response: ClientResponse, { status, scan }: AnswerHead): void {
  if (status === 100) response.writeContinue();
  else response.writeInformation(status, interimFields(scan));
}
