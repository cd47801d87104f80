import { basename } from 'node:path';
import { cellWidth, truncate, truncateMiddle } from './cells.ts';
import { age, count, dateTime, lengthOfTime, timeOfDay } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { firstThatFits, gap, type Line, type Span, span, spread, widthOf } from './line.ts';
import type { Picture } from './picture.ts';
import { join, safe, type Safe, show } from './safe.ts';
import type { Scene } from './scene.ts';
import { current } from './state.ts';

/** `1 call`, `12 408 calls`. */
export function callsWord(calls: number): Safe {
  return calls === 1 ? safe`1 call` : safe`${count(calls)} calls`;
}

/** What the recorder could not keep; null when it kept all. */
export function lossesText({ lost, droppedBodies }: Picture): Safe | null {
  if (lost === 0 && droppedBodies === 0) return null;
  const bodies = droppedBodies === 1 ? safe`1 body` : safe`${count(droppedBodies)} bodies`;
  if (droppedBodies === 0) return safe`${callsWord(lost)} could not be written`;
  const what = lost === 0 ? bodies : safe`${callsWord(lost)} and ${bodies}`;
  return safe`${what} could not be written`;
}

/** What time the figures are over, in words. */
export function spanText({ span: time, health }: Picture): Safe {
  if (time.newestOnly !== null) return safe`newest ${count(time.newestOnly)} calls`;
  if (time.kind === 'last') return safe`last ${age(time.lengthMs)}`;
  if (health.all.calls === 0) return safe`whole tape`;
  return safe`whole tape: ${lengthOfTime(time.lengthMs)}`;
}

/** `● REC`, or `● 2 REC` for two of them. */
function signed(sign: Safe, word: Safe, number: number): Safe[] {
  if (number === 0) return [];
  return [number === 1 ? safe`${sign} ${word}` : safe`${sign} ${number} ${word}`];
}

function liveSpan({ live }: Picture, glyphs: Glyphs, isShort: boolean): Span | null {
  const mocks = live.filter(({ source }) => source === 'mock');
  const signs = [
    ...signed(glyphs.live, safe`REC`, live.length - mocks.length),
    ...signed(glyphs.mock, safe`MOCK`, mocks.length),
  ];
  if (signs.length === 0) return null;
  const only = live.length === 1 ? live[0] : undefined;
  const address = isShort ? null : (only?.url ?? null);
  const url = address === null ? safe`` : safe` ${show(address)}`;
  return span(safe`${join(signs, safe`  `)}${url}`, 'live');
}

function recordedSpan({ health, span: time }: Picture): Span {
  if (health.all.calls === 0 || time.kind === 'last') return span(safe`not recording`);
  return span(safe`recorded ${dateTime(health.fromMs)} ${endedAt(health.fromMs, health.toMs)}`);
}

function endedAt(fromMs: number, toMs: number): Safe {
  const sameDay = new Date(fromMs).toDateString() === new Date(toMs).toDateString();
  return safe`to ${sameDay ? timeOfDay(toMs) : dateTime(toMs)}`;
}

function separated(spans: readonly (Span | null)[]): Line {
  return spans.flatMap((one) => (one === null ? [] : [gap(2), one])).slice(1);
}

/** Which tape, whether it is being written, how much is on it, and what the figures are over. */
export function headerLine(scene: Scene): Line {
  const { picture, glyphs, columns } = scene;
  const right = [span(spanText(picture)), gap(1)];
  const room = columns - widthOf(right) - 2;
  const tape = show(basename(picture.file));
  const name = span(safe`calltape`, 'title');
  const calls = span(callsWord(picture.total));
  const state = (isShort: boolean): Span =>
    liveSpan(picture, glyphs, isShort) ?? recordedSpan(picture);
  const file = (width: number): Span => span(truncateMiddle(tape, width, glyphs.more), 'strong');
  const ways = [
    separated([name, state(false), file(cellWidth(tape)), calls]),
    separated([state(false), file(cellWidth(tape)), calls]),
    separated([state(false), file(16), calls]),
    separated([state(true), file(16), calls]),
    separated([file(16), calls]),
    [file(16)],
  ];
  return spread([gap(1), ...firstThatFits(ways, room)], right, columns);
}

/** What the user must know before reading on: losses, a filter, a picture that stands still. */
export function noticeLines(scene: Scene): Line[] {
  const { picture, state, waiting, glyphs, columns } = scene;
  const lines: Line[] = [];
  const losses = lossesText(picture);
  if (losses !== null) lines.push([span(safe` ${glyphs.clientError} ${losses} `, 'banner')]);
  if (state.paused) {
    const at = safe`PAUSED at ${timeOfDay(picture.atMs)}`;
    lines.push([
      span(safe` ${glyphs.paused} ${at} ${glyphs.dot} ${count(waiting)} new `, 'banner'),
      span(safe` p goes on`),
    ]);
  }
  const { filter, place } = current(state);
  if (filter !== '' && place.name !== 'faults') {
    const found = span(safe`  ${count(picture.matching)} of ${callsWord(picture.total)} `);
    const name = span(safe` filter `, 'title');
    const room = columns - widthOf([name, found]);
    lines.push([name, span(truncate(show(filter), room, glyphs.more)), found]);
  }
  return lines;
}
