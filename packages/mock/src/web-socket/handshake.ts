import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HeaderLine } from '@calltape/store';
import type { OwnAnswer } from '../own-answer.ts';

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = /^[A-Za-z0-9+/]{22}==$/;

/** Fields that are this connection's own. */
const ANEW: ReadonlySet<string> = new Set([
  'sec-websocket-accept',
  // Nothing is compressed here: what is on the tape is not.
  'sec-websocket-extensions',
  'sec-websocket-protocol',
  'content-length',
  'transfer-encoding',
]);

function offered(request: IncomingMessage): string[] {
  const named = request.headers['sec-websocket-protocol'] ?? '';
  return named.split(',').map((protocol) => protocol.trim());
}

/** What is wrong with an opening handshake (RFC 6455 section 4.2.1); null when all is well. */
export function handshakeProblem({ headers }: IncomingMessage): OwnAnswer | null {
  const version = headers['sec-websocket-version'];
  if (KEY.test(headers['sec-websocket-key'] ?? '') && version === '13') return null;
  return {
    code: 'REQUEST_INVALID',
    message:
      'The opening handshake of the WebSocket has no valid Sec-WebSocket-Key or another version than 13. Send it as RFC 6455 says.',
  };
}

/**
 * The recorded fields of a server's handshake as they are true for another client: its key accepted,
 * and the recorded subprotocol if it has offered that.
 */
export function acceptFields(recorded: readonly HeaderLine[], request: IncomingMessage): string[] {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  const protocols = offered(request);
  const fields: string[] = [];
  for (const [name, value] of recorded) {
    const lower = name.toLowerCase();
    if (lower === 'sec-websocket-accept') fields.push(name, accept);
    if (lower === 'sec-websocket-protocol' && protocols.includes(value)) fields.push(name, value);
    if (!ANEW.has(lower)) fields.push(name, value);
  }
  for (const [name, value] of [
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Accept', accept],
  ] as const) {
    const known = fields.some(
      (text, at) => at % 2 === 0 && text.toLowerCase() === name.toLowerCase(),
    );
    if (!known) fields.push(name, value);
  }
  return fields;
}
