import { isUtf8 } from 'node:buffer';
import { closeReason, type Message, type WebSocketTotals } from '@calltape/store';
import { padEnd, padStart, truncate } from './cells.ts';
import { bytes, count, duration } from './format.ts';
import { type Line, span } from './line.ts';
import { join, safe, type Safe, show } from './safe.ts';
import type { OpenedCall } from './scene.ts';

const TIME_WIDTH = 6;
const DIRECTION_WIDTH = 8;
const KIND_WIDTH = 6;
const SIZE_WIDTH = 8;
/** Of a longer message no more could be seen on a line. */
const MOST_BYTES = 1000;

function totalsText({ sent, received, dropped }: WebSocketTotals): Safe {
  const lost = dropped === 0 ? safe`` : safe`  ${count(dropped)} not kept`;
  return safe`  ${count(sent)} sent  ${count(received)} received${lost}`;
}

function contentOf({ kind, bytes: content, deflated, problem }: Message): Safe {
  const note = problem === null ? safe`` : safe`  (${show(problem)})`;
  const close = kind === 'close' ? closeReason(content) : null;
  if (close !== null) return safe`${close.code} ${show(close.reason)}${note}`;
  if (deflated) return safe`(compressed)${note}`;
  const first = Buffer.from(content.subarray(0, MOST_BYTES));
  const isText = kind === 'text' || isUtf8(content);
  return safe`${show(first.toString(isText ? 'utf8' : 'hex'))}${note}`;
}

function messageLine(message: Message, width: number, more: Safe): Line {
  const { direction, kind, atMs, size, problem } = message;
  const text = join(
    [
      safe``,
      padStart(duration(atMs), TIME_WIDTH),
      padEnd(show(direction), DIRECTION_WIDTH),
      padEnd(show(kind), KIND_WIDTH),
      padStart(bytes(size), SIZE_WIDTH),
      safe``,
    ],
    safe`  `,
  );
  const room = Math.max(0, width - text.length);
  const content = truncate(contentOf(message), room, more);
  return [span(text), problem === null ? span(content) : span(content, 'clientError')];
}

/** How much went over a WebSocket, and the last messages of it; nothing for any other call. */
export function messageLines(call: OpenedCall, width: number, more: Safe): Line[] {
  const { websocket, lastMessages = [] } = call;
  if (websocket === undefined) return [];
  return [
    [span(safe`MESSAGES`, 'title'), span(totalsText(websocket))],
    ...lastMessages.map((message) => messageLine(message, width, more)),
    [],
  ];
}
