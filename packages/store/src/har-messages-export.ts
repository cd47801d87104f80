import { isUtf8 } from 'node:buffer';
import type { Exchange } from './exchange.ts';
import type { HarEntry, HarMessage } from './har-types.ts';
import type { Message, MessageKind } from './message.ts';

/** Gives the messages of the WebSocket that a call became. */
export type MessagesOf = (exchangeId: number) => Iterable<Message>;

/** RFC 6455 section 11.8; 0 stands for what is none of these. */
const OPCODES: Readonly<Record<MessageKind, number>> = {
  other: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
};

export function noMessages(): Message[] {
  return [];
}

function harMessage(message: Message, startedAt: number): HarMessage {
  const { direction, kind, atMs, size, wireSize, deflated, problem } = message;
  const bytes = Buffer.from(message.bytes);
  const isText = kind === 'text' && !deflated;
  const base64 = bytes.toString('base64');
  return {
    type: direction === 'sent' ? 'send' : 'receive',
    time: (startedAt + atMs) / 1000,
    opcode: OPCODES[kind],
    data: isText ? bytes.toString('utf8') : base64,
    _atMs: atMs,
    _size: size,
    _wireSize: wireSize,
    ...(kind === 'other' ? { _kind: kind } : {}),
    ...(isText && !isUtf8(bytes) ? { _base64: base64 } : {}),
    ...(deflated ? { _deflated: true } : {}),
    ...(problem === null ? {} : { _problem: problem }),
  };
}

/** The fields that a WebSocket adds to its entry. */
export function harWebSocket(exchange: Exchange, messagesOf: MessagesOf): Partial<HarEntry> {
  const { id, startedAt, websocket } = exchange;
  if (websocket === undefined) return {};
  return {
    _resourceType: 'websocket',
    _webSocketMessages: Array.from(messagesOf(id), (message) => harMessage(message, startedAt)),
    _webSocketTotals: websocket,
  };
}
