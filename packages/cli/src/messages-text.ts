import { isUtf8 } from 'node:buffer';
import {
  closeReason,
  visible,
  type Exchange,
  type Message,
  type MessageKind,
  type Tape,
} from '@calltape/store';
import { textTable, type Column } from './text-table.ts';
import { counted, sizeText } from './units.ts';

/** More than these are not for reading on a terminal. */
const MOST_MESSAGES = 1000;
const MOST_CHARACTERS = 1000;

const READ_AS_TEXT: ReadonlySet<MessageKind> = new Set(['text', 'ping', 'pong', 'other']);

const COLUMNS: readonly Column<Message>[] = [
  { title: 'AT', align: 'right', cell: ({ atMs }) => `${(atMs / 1000).toFixed(3)} s` },
  { title: 'FROM', align: 'left', cell: (one) => (one.direction === 'sent' ? 'client' : 'server') },
  { title: 'KIND', align: 'left', cell: ({ kind }) => kind },
  { title: 'SIZE', align: 'right', cell: ({ size }) => sizeText(size) },
  { title: 'CONTENT', align: 'left', cell: contentOf },
];

/** The messages of a WebSocket for people to read; nothing of any other call. */
export function messagesText(tape: Tape, { id, websocket }: Exchange): string {
  if (websocket === undefined) return '';
  const messages = tape.messages(id, { limit: MOST_MESSAGES });
  const { sent, received, dropped } = websocket;
  const left = sent + received - dropped - messages.length;
  const notes = [
    ...(left > 0 ? [`(${counted(left, 'more message')}; --json gives all)`] : []),
    ...(dropped > 0 ? [`(${counted(dropped, 'message')} not kept)`] : []),
  ];
  const heading = `WebSocket: ${counted(sent, 'message')} of the client, ${received} of the server`;
  const table =
    messages.length === 0 ? '' : textTable(messages, COLUMNS, { color: false, columns: null });
  return `\n${heading}\n${table}${notes.map((note) => `${note}\n`).join('')}`;
}

function contentOf(message: Message): string {
  const { problem, size, truncated, bytes } = message;
  const notes = [
    ...(truncated ? [`first ${sizeText(bytes.length)} of ${sizeText(size)}`] : []),
    ...(problem === null ? [] : [problem]),
  ];
  const note = notes.length === 0 ? '' : `  (${notes.join('; ')})`;
  return visible(bare(message) + note);
}

function bare({ kind, bytes, deflated }: Message): string {
  const close = kind === 'close' ? closeReason(bytes) : null;
  if (close !== null) return `${close.code} ${close.reason}`.trimEnd();
  if (deflated) return '(compressed)';
  if (READ_AS_TEXT.has(kind) || isUtf8(bytes)) return cut(Buffer.from(bytes).toString());
  return `${Buffer.from(bytes.subarray(0, 32)).toString('hex')}${bytes.length > 32 ? '…' : ''}`;
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
