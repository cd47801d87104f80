import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Far more than any request of the control API needs, bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * A browser sends this type to another site only after it has asked whether it may, which is never
 * granted.
 */
function checkType({ headers }: IncomingMessage): void {
  const type = headers['content-type']?.replace(/\s*;.*$/s, '').toLowerCase();
  const coding = headers['content-encoding'] ?? 'identity';
  if (type === 'application/json' && coding === 'identity') return;
  const message =
    'The content has to be plain JSON. Send it with "Content-Type: application/json".';
  throw new Refusal(415, 'CONTENT_TYPE_REFUSED', message);
}

/** The content is counted, whatever its length was said to be. What is over the limit is thrown away. */
async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const pieces: Buffer[] = [];
  let size = 0;
  request.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size <= MAX_BODY_BYTES) pieces.push(piece);
    else {
      pieces.length = 0;
      reject(new Refusal(413, 'CONTENT_TOO_LARGE', 'The content is over 64 KiB. Send less.'));
    }
  });
  request.on('end', () => resolve(Buffer.concat(pieces, size)));
  request.on('close', () => reject(new Refusal(400, 'CONTENT_CUT', 'The content was cut.')));
  request.on('error', reject);
  return promise;
}

/**
 * Reads the content of a request as JSON.
 *
 * @throws Refusal when it is something else, or too much.
 */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  checkType(request);
  const bytes = await bytesOf(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal(400, 'JSON_INVALID', 'The content is not valid JSON in UTF-8. Correct it.');
  }
}

/**
 * The members of a JSON object, none but these. Read from a Map, so that no name reaches the
 * prototype of anything.
 *
 * @throws Refusal naming the member that is not known.
 */
export function membersOf(value: unknown, known: readonly string[]): ReadonlyMap<string, unknown> {
  const wanted = `The content is a JSON object with ${known.map((key) => `"${key}"`).join(', ')}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'CONTENT_INVALID', `${wanted}.`);
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const unknown = [...members.keys()].find((key) => !known.includes(key));
  if (unknown === undefined) return members;
  const name = JSON.stringify(unknown.slice(0, 40));
  throw new Refusal(400, 'CONTENT_INVALID', `${wanted}; it has no ${name}.`);
}
