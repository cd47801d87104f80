import type { CallRow } from '@calltape/store';
import { callColumns } from './call-columns.ts';
import { indexOf } from './call-list.ts';
import { gap, type Line, selected, span } from './line.ts';
import { safe, show } from './safe.ts';
import { type Drawn, fill, type Scene, topOf } from './scene.ts';
import { current } from './state.ts';
import { layOut, rowLine, titleLine } from './table.ts';

/** A title and a line for each call; `selectedId` is the one that looks selected. */
export function callTable(
  calls: readonly CallRow[],
  selectedId: number | null,
  { picture, glyphs, columns }: Scene,
): Line[] {
  const laidOut = layOut(callColumns(calls, columns, picture.atMs, glyphs), calls, columns - 2);
  const line = (call: CallRow): Line =>
    call.id === selectedId
      ? selected([span(glyphs.selected), ...rowLine(laidOut, call), gap(columns)])
      : [gap(1), ...rowLine(laidOut, call)];
  return [[gap(1), ...titleLine(laidOut)], ...calls.map(line)];
}

function emptyLines({ picture }: Scene): Line[] {
  if (picture.total > 0) {
    return [[], [span(safe`   No call matches. Esc clears the filter.`)]];
  }
  const url = picture.live.at(-1)?.url ?? null;
  const how = url === null ? safe`` : safe` Send some to ${show(url)}`;
  return [[], [span(safe`   No calls on this tape yet.${how}`)]];
}

/** The calls, oldest at the top; the window of them that the selected one is in. */
export function callsView(scene: Scene, height: number): Drawn {
  const { rows } = scene.picture.list;
  const { place } = current(scene.state);
  const page = Math.max(1, height - 1);
  const drawn = { page, length: rows.length };
  if (rows.length === 0) return { ...drawn, lines: fill(emptyLines(scene), height) };
  const last = rows.length - 1;
  const isFollowing = place.name !== 'calls' || place.follow || place.call === null;
  const at = isFollowing ? last : Math.min(last, indexOf(scene.picture.list, place.call));
  const row = isFollowing ? page - 1 : place.row;
  const top = topOf(at, row, rows.length, page);
  const visible = rows.slice(top, top + page);
  return { ...drawn, lines: fill(callTable(visible, rows[at]?.id ?? null, scene), height) };
}
