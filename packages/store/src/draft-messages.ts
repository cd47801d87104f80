import type { HarCall } from './har-messages-import.ts';
import type { DraftMessage, Message, WebSocketTotals } from './message.ts';

const SWITCHING_PROTOCOLS = 101;

/** The messages that a call of a file holds, in the shape that tapes give them. */
export function messagesOfDraft({ messages = [] }: HarCall, exchangeId: number): Message[] {
  return messages
    .filter(({ dropped }) => dropped === 0)
    .map((message, at) => keptMessage(message, exchangeId, at + 1));
}

function keptMessage(message: DraftMessage, exchangeId: number, id: number): Message {
  const { direction, kind, atMs, size, wireSize, pieces, deflated, problem } = message;
  const bytes = Buffer.concat(pieces);
  const rest = { direction, kind, atMs, size, wireSize, deflated, problem };
  return { id, exchangeId, ...rest, bytes, truncated: bytes.length < size };
}

/** How much went over the WebSocket that a call of a file became; undefined for any other call. */
export function totalsOfDraft({ response, messages }: HarCall): WebSocketTotals | undefined {
  if (response?.status !== SWITCHING_PROTOCOLS || messages === undefined) return undefined;
  const totals = { sent: 0, sentBytes: 0, received: 0, receivedBytes: 0, dropped: 0 };
  for (const { direction, wireSize, dropped } of messages) {
    totals[direction] += Math.max(1, dropped);
    totals[`${direction}Bytes`] += wireSize;
    totals.dropped += dropped;
  }
  return totals;
}
