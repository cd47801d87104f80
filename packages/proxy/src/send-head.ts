import type { ClientRequest, IncomingMessage, InformationEvent, ServerResponse } from 'node:http';
import { IDLE_CONNECTION_MS } from './connection-watch.ts';
import { HeadScan } from './head-scan.ts';
import { idleHintMs, interimFields, sendableReason } from './response-head.ts';

/** Gives the final response its head; nothing leaves before the first write. */
export function sendHead(
  response: ServerResponse,
  answer: IncomingMessage,
  fields: string[],
  http10: boolean,
): void {
  // An HTTP/1.1 connection persists without a word; node:http speaks up where HTTP/1.0 needs it.
  if (!http10) {
    response.removeHeader('connection');
    if (!response.shouldKeepAlive) fields.push('Connection', 'close');
  }
  const reason = sendableReason(answer.statusMessage ?? '');
  response.writeHead(answer.statusCode ?? 0, reason, fields);
}

/** Sends a head at once; unlike `flushHeaders` it leaves bytes above ASCII as they are. */
export function flushHead(message: ClientRequest | ServerResponse): void {
  message.write('', 'latin1');
}

/** Passes a 1xx response on (RFC 9110 section 15.2). */
export function sendInterim(response: ServerResponse, interim: InformationEvent): void {
  const { statusCode, rawHeaders } = interim;
  if (statusCode === 100) response.writeContinue();
  else response.writeInformation(statusCode, interimFields(new HeadScan(rawHeaders)));
}

/** Keeps the upstream's connection no longer than it said it would. */
export function keepIdle(upstream: ClientRequest, answer: IncomingMessage, head: HeadScan): void {
  const idleMs = idleHintMs(head);
  if (idleMs === null || idleMs >= IDLE_CONNECTION_MS) return;
  if (idleMs === 0) upstream.shouldKeepAlive = false;
  else answer.socket.setTimeout(idleMs);
}
