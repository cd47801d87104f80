import { lastChunkText } from './request-text.ts';

/** What would end the status line. */
const UNSENDABLE = /[\0\r\n]/g;

/** The head of an answer, to be sent one byte a character (latin-1). */
export function answerText(status: number, reason: string, fields: readonly string[]): string {
  let text = `HTTP/1.1 ${status} ${reason.replace(UNSENDABLE, '')}\r\n`;
  for (let at = 0; at + 1 < fields.length; at += 2) text += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return `${text}\r\n`;
}

/** A piece of chunked content (RFC 9112 section 7.1). */
export function chunkOf(piece: Buffer): Buffer {
  const size = Buffer.from(`${piece.length.toString(16)}\r\n`, 'latin1');
  return Buffer.concat([size, piece, Buffer.from('\r\n', 'latin1')]);
}

export function lastChunk(trailers: readonly [string, string][]): Buffer {
  return Buffer.from(lastChunkText(trailers), 'latin1');
}
