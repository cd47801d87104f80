import type { EndpointFigures, Figures, Health, Reason } from '@calltape/health';
import { padStart } from './cells.ts';
import { endpointColumns } from './endpoint-columns.ts';
import { endpointKey } from './endpoint-order.ts';
import { count, percent, percentileText } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { firstThatFits, gap, joinThatFit, type Line, selected, span, widthOf } from './line.ts';
import type { Picture } from './picture.ts';
import { join, safe, type Safe, show } from './safe.ts';
import { type Drawn, fill, type Scene, topOf } from './scene.ts';
import { current } from './state.ts';
import { layOut, rowLine, titleLine } from './table.ts';
import { callTable } from './view-calls.ts';
import { stripLines, tileLines } from './view-tiles.ts';

const ROOM_FOR_TILES = { columns: 80, rows: 20 };
const ROOM_FOR_CALLS = { columns: 110, rows: 34 };
const LEAST_LATEST_CALLS = 6;
const MOST_RULES = 3;

/** From most to least said. */
function sliceTexts(name: Safe, { calls, errorShare, latency }: Figures, glyphs: Glyphs): Safe[] {
  const short = safe`${name} ${count(calls)}`;
  const middle = safe`${short}  err ${errorShare === null ? glyphs.none : percent(errorShare)}`;
  return [safe`${middle}  p95 ${percentileText(latency.p95, glyphs)}`, middle, short];
}

/** Live and mock side by side, where a tape has both. */
function sliceLine({ live, mock }: Health, columns: number, glyphs: Glyphs): Line[] {
  if (live.calls === 0 || mock.calls === 0) return [];
  const mocked = sliceTexts(safe`${glyphs.mock} mock`, mock, glyphs);
  const ways = sliceTexts(safe`live`, live, glyphs).map((text, at): Line => [
    gap(1),
    span(join([text, mocked[at] ?? safe``], safe`   ${glyphs.box.down}   `)),
  ]);
  return [firstThatFits(ways, columns)];
}

/** Faults at work: one's own doing, so it is said before the errors. */
function faultLines({ injected, faults }: Health, most: number, glyphs: Glyphs): Line[] {
  if (injected.calls === 0) return [];
  const { calls, errors, latency } = injected;
  const figures = safe`${count(errors)} failed  p95 ${percentileText(latency.p95, glyphs)}`;
  const rules = faults
    .slice(0, most)
    .map(({ rule, calls: hits }) => [
      span(safe`   ${padStart(count(hits), 5)} ${show(rule)}`, 'injected'),
    ]);
  const hidden = faults.length - rules.length;
  const more = hidden === 0 ? safe`` : safe`  and ${hidden} more rules`;
  const head = safe` ${glyphs.fault} ${count(calls)} altered by faults  ${figures}`;
  return [[span(safe`${head}${rules.length === 0 ? safe`` : more}`, 'injected')], ...rules];
}

/** What failed, how often, and how many of that were a fault's doing. */
function reasonText({ reason, calls, injected }: Reason, glyphs: Glyphs): Safe {
  const ours = injected === 0 ? safe`` : safe` (${glyphs.fault}${count(injected)})`;
  return safe`${show(reason)} ${count(calls)}${ours}`;
}

function reasonLine({ reasons, all }: Health, columns: number, glyphs: Glyphs): Line[] {
  if (reasons.length === 0) return [];
  const texts = reasons.map((one) => reasonText(one, glyphs));
  const head = span(safe` ${glyphs.error} ${count(all.errors)} failed  `, 'error');
  const room = columns - widthOf([head]);
  return [[head, span(joinThatFit(texts, safe`  ${glyphs.dot}  `, room, glyphs.more))]];
}

/** What a follower found, where that may break a client. */
function driftLine({ drift: { breaking, warning } }: Picture): Line[] {
  const texts = [
    ...(breaking === 0 ? [] : [safe`${count(breaking)} breaking`]),
    ...(warning === 0
      ? []
      : [safe`${count(warning)} ${warning === 1 ? safe`warning` : safe`warnings`}`]),
  ];
  if (texts.length === 0) return [];
  return [[span(safe` drift  ${join(texts, safe`  `)}`, breaking > 0 ? 'error' : 'plain')]];
}

function emptyLines({ picture, state }: Scene): Line[] {
  const { filter } = current(state);
  if (filter !== '' && picture.total > 0) {
    return [[], [span(safe`   No call matches. Esc clears the filter.`)]];
  }
  if (picture.total > 0) return [[], [span(safe`   No calls in this window. z widens it.`)]];
  const url = picture.live.at(-1)?.url ?? null;
  const how =
    url === null
      ? safe`Record some with: calltape record https://api.example.com`
      : safe`Send some to ${show(url)}`;
  return [[], [span(safe`   No calls on this tape yet.`, 'strong')], [span(safe`   ${how}`)]];
}

function endpointLines(scene: Scene, height: number): Line[] {
  const { endpoints, glyphs, state } = scene;
  const { place } = current(state);
  const page = height - 1;
  if (endpoints.length === 0) return fill(emptyLines(scene), height);
  const key = place.name === 'overview' ? place.endpoint : null;
  const at = endpoints.findIndex(({ endpoint }) => endpointKey(endpoint) === key);
  const row = place.name === 'overview' ? place.row : 0;
  const top = at === -1 ? 0 : topOf(at, row, endpoints.length, page);
  const visible = endpoints.slice(top, top + page);
  const columns = layOut(
    endpointColumns(endpoints, scene.columns, glyphs),
    visible,
    scene.columns - 2,
  );
  const line = (one: EndpointFigures, index: number): Line =>
    top + index === at
      ? selected([span(glyphs.selected), ...rowLine(columns, one), gap(scene.columns)])
      : [gap(1), ...rowLine(columns, one)];
  return fill([[gap(1), ...titleLine(columns)], ...visible.map(line)], height);
}

function caption(text: Safe, { columns, glyphs }: Scene): Line {
  const name = safe`${glyphs.box.across} ${text} `;
  return [span(join([name, ...Array.from({ length: columns }, () => glyphs.box.across)]), 'frame')];
}

/** How many of so many lines the latest calls get: what the endpoints leave, where there is room. */
function latestHeight({ picture, columns, rows, endpoints }: Scene, height: number): number {
  const isRoomy = columns >= ROOM_FOR_CALLS.columns && rows >= ROOM_FOR_CALLS.rows;
  if (!isRoomy || picture.list.rows.length === 0) return 0;
  return Math.max(LEAST_LATEST_CALLS + 2, height - endpoints.length - 2);
}

function latestLines(scene: Scene, height: number): Line[] {
  if (height < 3) return [];
  const latest = scene.picture.list.rows.slice(-(height - 2));
  return [caption(safe`LATEST CALLS`, scene), ...callTable(latest, null, scene)];
}

/** The first screen: the four figures, then the endpoints. */
export function overviewView(scene: Scene, height: number): Drawn {
  const { picture, columns, rows, glyphs, endpoints, state } = scene;
  const { health } = picture;
  const boxed = columns >= ROOM_FOR_TILES.columns && rows >= ROOM_FOR_TILES.rows;
  const above = [
    ...(boxed ? tileLines(picture, columns, glyphs) : stripLines(picture, columns, glyphs)),
    ...sliceLine(health, columns, glyphs),
    ...faultLines(health, boxed ? MOST_RULES : 0, glyphs),
    ...reasonLine(health, columns, glyphs),
    ...driftLine(picture),
    caption(safe`ENDPOINTS ${endpoints.length} by ${show(state.sort)} ${glyphs.descending}`, scene),
  ];
  const left = Math.max(1, height - above.length);
  const below = latestLines(scene, latestHeight(scene, left));
  const room = Math.max(1, left - below.length);
  const table = endpointLines(scene, room);
  return {
    lines: fill([...above, ...table, ...below], height),
    page: Math.max(1, room - 1),
    length: endpoints.length,
  };
}
