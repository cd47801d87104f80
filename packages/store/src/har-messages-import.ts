import type { CallDraft } from './draft.ts';
import type { HarNode } from './har-node.ts';
import type { DraftMessage, MessageDirection, MessageKind } from './message.ts';

/** A call of a HAR, with the messages of the WebSocket that it became. */
export interface HarCall extends CallDraft {
  readonly messages?: readonly DraftMessage[];
}

const KINDS: ReadonlyMap<number, MessageKind> = new Map([
  [1, 'text'],
  [2, 'binary'],
  [8, 'close'],
  [9, 'ping'],
  [10, 'pong'],
]);

/** The call with the messages of its entry, calltape's own or Chrome's. */
export function withMessages(call: CallDraft, entry: HarNode): HarCall {
  const list = entry.get('_webSocketMessages');
  // A list without any is that of a WebSocket on which nothing was said.
  if (list.absent) return call;
  const messages = list.items().map((node) => messageOf(node.object(), call.startedAt));
  const dropped = droppedOf(entry.get('_webSocketTotals'), messages);
  return { ...call, messages: [...messages, ...dropped] };
}

function messageOf(node: HarNode, startedAt: number): DraftMessage {
  const kind = KINDS.get(node.get('opcode').number() ?? 0) ?? 'other';
  const deflated = !node.get('_deflated').absent;
  const bytes = bytesOf(node, kind === 'text' && !deflated);
  const size = node.get('_size').number() ?? bytes.length;
  const seconds = node.get('time').number() ?? 0;
  return {
    ...BARE,
    direction: node.get('type').text() === 'send' ? 'sent' : 'received',
    kind,
    atMs: node.get('_atMs').number() ?? Math.max(0, seconds * 1000 - startedAt),
    size: Math.max(size, bytes.length),
    wireSize: node.get('_wireSize').number() ?? size,
    pieces: [bytes],
    deflated,
    problem: node.get('_problem').text(),
  };
}

const BARE = {
  inflate: false,
  dropped: 0,
  limit: Number.MAX_SAFE_INTEGER,
  budget: Number.MAX_SAFE_INTEGER,
} as const;

function bytesOf(node: HarNode, isText: boolean): Buffer {
  const base64 = node.get('_base64').text();
  if (base64 !== null) return Buffer.from(base64, 'base64');
  return Buffer.from(node.get('data').text() ?? '', isText ? 'utf8' : 'base64');
}

/** Stands for the messages that were counted and not kept, so that the totals come out the same. */
function droppedOf(totals: HarNode, messages: readonly DraftMessage[]): DraftMessage[] {
  if (totals.absent) return [];
  return [
    ...missing('sent', totals.get('sent'), totals.get('sentBytes'), messages),
    ...missing('received', totals.get('received'), totals.get('receivedBytes'), messages),
  ];
}

function missing(
  direction: MessageDirection,
  count: HarNode,
  bytes: HarNode,
  messages: readonly DraftMessage[],
): DraftMessage[] {
  const held = messages.filter((message) => message.direction === direction);
  const dropped = (count.number() ?? 0) - held.length;
  if (!Number.isSafeInteger(dropped) || dropped < 1) return [];
  const heldBytes = held.reduce((sum, { wireSize }) => sum + wireSize, 0);
  const size = Math.max(0, Math.round(bytes.number() ?? 0) - heldBytes);
  const nothing = { kind: 'other', atMs: 0, pieces: [], deflated: false, problem: null } as const;
  return [{ ...BARE, ...nothing, direction, size, wireSize: size, dropped }];
}
