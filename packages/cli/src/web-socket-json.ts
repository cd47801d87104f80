import { isUtf8 } from 'node:buffer';
import { closeReason, type Exchange, type Message, type Tape } from '@calltape/store';

/** What a WebSocket adds to the JSON of its call: how much went over it, and all that was kept. */
export function webSocketJson(
  tape: Tape,
  { id, websocket }: Exchange,
): Readonly<Record<string, unknown>> {
  if (websocket === undefined) return {};
  const { sent, sentBytes, received, receivedBytes, dropped } = websocket;
  return {
    websocket: {
      sent,
      sent_bytes: sentBytes,
      received,
      received_bytes: receivedBytes,
      dropped,
      messages: tape.messages(id).map(messageJson),
    },
  };
}

function messageJson(message: Message): Readonly<Record<string, unknown>> {
  const { id, direction, kind, atMs, size, wireSize, bytes, truncated, deflated, problem } =
    message;
  const isText = kind === 'text' && !deflated && isUtf8(bytes);
  const close = kind === 'close' ? closeReason(bytes) : null;
  return {
    id,
    direction,
    kind,
    at_ms: atMs,
    size,
    wire_size: wireSize,
    ...(isText
      ? { text: Buffer.from(bytes).toString() }
      : { base64: Buffer.from(bytes).toString('base64') }),
    ...(close === null ? {} : close),
    truncated,
    deflated,
    problem,
  };
}
