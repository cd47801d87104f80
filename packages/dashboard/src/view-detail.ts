import type { Exchange } from '@calltape/store';
import { statusSpan } from './call-marks.ts';
import { truncate, truncateMiddle, wrap } from './cells.ts';
import { requestLines, responseLines } from './detail-message.ts';
import { messageLines } from './detail-messages.ts';
import { timingLines } from './detail-timings.ts';
import { dateTime, milliseconds } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { fit, gap, type Line, span, spread, widthOf } from './line.ts';
import { join, safe, type Safe, show } from './safe.ts';
import { type Drawn, fill, type OpenedCall, type Scene } from './scene.ts';
import { current } from './state.ts';

const ROOM_FOR_TWO = 120;

function statusOf({ outcome, response, durationMs }: Exchange, glyphs: Glyphs): Line {
  const status = response?.status ?? null;
  const reason = response === null ? safe`` : safe` ${show(response.statusText)}`;
  const took = durationMs === null ? safe`` : safe`  ${milliseconds(durationMs)} ms`;
  const how = outcome === 'complete' ? safe`` : safe`  ${show(outcome)}`;
  return [statusSpan({ outcome, status }, glyphs), span(safe`${reason}${how}${took} `)];
}

/** The request line and how it went. */
function headLine(exchange: Exchange, { columns, glyphs }: Scene): Line {
  const right = statusOf(exchange, glyphs);
  const { method, url } = exchange.request;
  const text = show(`${method} ${url}`);
  const room = columns - widthOf(right) - 3;
  return spread([gap(1), span(truncateMiddle(text, room, glyphs.more), 'strong')], right, columns);
}

function originLine(exchange: Exchange, width: number, glyphs: Glyphs): Line {
  const { id, recording, source, startedAt, request, peerAddress } = exchange;
  const parts: Safe[] = [
    safe`call ${id}`,
    dateTime(startedAt),
    safe`HTTP/${show(request.httpVersion)}`,
    ...(peerAddress === null ? [] : [safe`to ${show(peerAddress)}`]),
    safe`${show(source)} "${show(recording)}"`,
  ];
  return [span(truncate(join(parts, safe`  ${glyphs.dot}  `), width, glyphs.more))];
}

function troubleLines({ error, fault }: Exchange, width: number, glyphs: Glyphs): Line[] {
  const lines: Line[] = [];
  if (fault !== null) {
    const text = safe`${glyphs.fault} altered by fault  ${show(fault)}`;
    lines.push(...wrap(text, width).map((piece) => [span(piece, 'injected')]));
  }
  if (error !== null) {
    const text = safe`${glyphs.error} ${show(error.type)}: ${show(error.message)}`;
    lines.push(...wrap(text, width).map((piece) => [span(piece, 'error')]));
  }
  return lines;
}

function beside(
  left: readonly Line[],
  right: readonly Line[],
  width: number,
  glyphs: Glyphs,
): Line[] {
  const height = Math.max(left.length, right.length);
  return Array.from({ length: height }, (_, at) => [
    ...fit(left[at] ?? [], width),
    span(safe`${glyphs.box.down} `, 'frame'),
    ...(right[at] ?? []),
  ]);
}

function textOf(exchange: OpenedCall, columns: number, glyphs: Glyphs): Line[] {
  const width = columns - 2;
  const half = Math.floor((width - 2) / 2);
  const messages =
    columns >= ROOM_FOR_TWO
      ? beside(requestLines(exchange, half), responseLines(exchange, half), half, glyphs)
      : [...requestLines(exchange, width), [], ...responseLines(exchange, width)];
  const timings = timingLines(exchange, width, glyphs);
  return [
    originLine(exchange, width, glyphs),
    ...troubleLines(exchange, width, glyphs),
    [],
    ...timings,
    ...(timings.length === 0 ? [] : [[]]),
    ...messageLines(exchange, width, glyphs.more),
    ...messages,
  ].map((line) => [gap(1), ...line]);
}

interface Kept {
  readonly columns: number;
  readonly glyphs: Glyphs;
  readonly lines: readonly Line[];
}

// Decoding and wrapping a long body takes longer than a key press may; scrolling must not redo it.
const kept = new WeakMap<Exchange, Kept>();

function keptTextOf(exchange: OpenedCall, columns: number, glyphs: Glyphs): readonly Line[] {
  const known = kept.get(exchange);
  if (known?.columns === columns && known.glyphs === glyphs) return known.lines;
  const lines = textOf(exchange, columns, glyphs);
  kept.set(exchange, { columns, glyphs, lines });
  return lines;
}

function partsOf(text: readonly Line[]): number[] {
  return text.flatMap((line, at) => (line.some(({ role }) => role === 'title') ? [at] : []));
}

function positionText(top: number, page: number, length: number): Safe {
  if (length <= page) return safe``;
  return safe`${Math.min(100, Math.round(((top + page) / length) * 100))}% `;
}

/** One call: how it went, where its time went, its headers and bodies. */
export function detailView(scene: Scene, height: number): Drawn {
  const { opened, columns, glyphs } = scene;
  const { place } = current(scene.state);
  if (opened === null || place.name !== 'detail') {
    return { lines: [[span(safe` This call is no longer on the tape.`)]], page: height, length: 0 };
  }
  const text = keptTextOf(opened, columns, glyphs);
  const page = Math.max(1, height - 2);
  const top = Math.max(0, Math.min(place.scroll, text.length - page));
  const lines = [
    headLine(opened, scene),
    ...fill(text.slice(top, top + page), page),
    spread([], [span(positionText(top, page, text.length))], columns),
  ];
  return { lines, page, length: text.length, parts: partsOf(text) };
}
