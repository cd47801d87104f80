import { STATUS_CODES } from 'node:http';
import type { ClientResponse } from './client-side.ts';
import type { Failure } from './failure.ts';

function bodyOf(failure: Failure): Buffer {
  const { code, message } = failure;
  return Buffer.from(`${JSON.stringify({ error: { code, message } })}\n`);
}

function fieldsOf(failure: Failure, length: number): string[] {
  return [
    'Content-Type',
    'application/json; charset=utf-8',
    'Content-Length',
    String(length),
    'x-calltape-error',
    failure.code,
  ];
}

/**
 * Answers with a JSON error of our own in place of the upstream. The response may have a refused
 * attempt at a head behind it, whose traces are undone.
 */
export function answerFailure(response: ClientResponse, failure: Failure): void {
  const body = bodyOf(failure);
  const fields = fieldsOf(failure, body.length);
  response.chunkedEncoding = false;
  response.sendDate = false;
  response.removeHeader('connection');
  if (!response.shouldKeepAlive) fields.push('Connection', 'close');
  response.writeHead(failure.status, STATUS_CODES[failure.status] ?? '', fields);
  response.end(body);
}

/** The same answer as bytes, for a socket that has no response object; it says to close. */
export function rawFailure(failure: Failure): Buffer {
  const body = bodyOf(failure);
  const fields = [...fieldsOf(failure, body.length), 'Connection', 'close'];
  let head = `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status] ?? ''}\r\n`;
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), body]);
}
