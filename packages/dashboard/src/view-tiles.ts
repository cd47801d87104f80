import type { Health } from '@calltape/health';
import { truncateMiddle } from './cells.ts';
import { age, count, duration, percent, percentileText, rate } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { firstThatFits, fit, gap, type Line, type Span, span, widthOf } from './line.ts';
import type { Picture } from './picture.ts';
import { repeat, safe, type Safe, show } from './safe.ts';
import { sparkOfCounts, sparkOfDurations } from './spark.ts';
import type { Role } from './theme.ts';

interface Tile {
  readonly title: Safe;
  /** The figures, from most to least said. */
  readonly ways: readonly Line[];
  readonly below: (width: number) => Span;
}

function rateTile({ health }: Picture, glyphs: Glyphs): Tile {
  const perSecond = span(rate(health.all.perSecond), 'strong');
  const { calls, bucketMs } = health.trend;
  const lastFull = calls.at(-2) ?? 0;
  return {
    title: safe`RATE`,
    ways: [[perSecond, span(safe`  now ${rate((lastFull * 1000) / bucketMs)}`)], [perSecond]],
    below: (width) => span(sparkOfCounts(calls, width, glyphs)),
  };
}

function errorTile({ health }: Picture, glyphs: Glyphs): Tile {
  const { errors, errorShare, clientErrors, rateLimited } = health.all;
  const role: Role = errors > 0 ? 'error' : 'strong';
  const share = span(errorShare === null ? glyphs.none : percent(errorShare), role);
  const failed = span(safe`  ${count(errors)}`);
  const injected = health.injected.errors;
  const ours = injected === 0 ? [] : [span(safe` ${glyphs.fault}${count(injected)}`, 'injected')];
  const clients =
    clientErrors + rateLimited === 0
      ? []
      : [span(safe`  4xx ${count(clientErrors)}  429 ${count(rateLimited)}`, 'clientError')];
  return {
    title: safe`ERRORS`,
    ways: [
      [share, failed, ...ours, ...clients],
      [share, failed, ...ours],
      [share, failed],
      [share],
    ],
    below: (width) => span(sparkOfCounts(health.trend.errors, width, glyphs), role),
  };
}

function named(name: Safe, text: Safe): Line {
  return [span(name), span(safe` `), span(text, 'strong')];
}

function apart(parts: readonly Line[]): Line {
  return parts.flatMap((part, index) => (index === 0 ? part : [gap(2), ...part]));
}

function durationTile({ health }: Picture, glyphs: Glyphs): Tile {
  const { latency } = health[health.subject];
  const p50 = named(safe`p50`, percentileText(latency.p50, glyphs));
  const p95 = named(safe`p95`, percentileText(latency.p95, glyphs));
  const p99 = named(safe`p99`, percentileText(latency.p99, glyphs));
  const n: Line = [span(safe`n ${count(latency.n)}`)];
  const narrow = [...p50, gap(1), ...p95, gap(1), ...p99];
  const whose = {
    live: safe``,
    mock: safe` ${glyphs.mock} mock`,
    injected: safe` ${glyphs.fault}`,
  };
  return {
    title: safe`DURATION ms${whose[health.subject]}`,
    ways: [
      apart([p50, p95, p99, n]),
      apart([p50, p95, p99]),
      narrow,
      [...p50, gap(1), ...p95],
      p95,
    ],
    below: (width) => span(sparkOfDurations(health.trend.p95Ms, width, glyphs)),
  };
}

/** When the last call ended, while something is recording. */
function idleText({ newestMs, atMs, live }: Picture): Safe {
  if (live.length === 0 || newestMs === null) return safe``;
  const since = atMs - newestMs;
  return since < 1000 ? safe`last call now` : safe`last call ${age(since)} ago`;
}

function flightTile(picture: Picture, glyphs: Glyphs): Tile {
  const { health } = picture;
  const { inFlight, oldestInFlightMs } = health.all;
  const number = span(count(inFlight), 'strong');
  const oldest = oldestInFlightMs === null ? null : duration(oldestInFlightMs);
  const call = health.oldestInFlight;
  return {
    title: safe`IN FLIGHT`,
    ways:
      oldest === null
        ? [[number]]
        : [[number, span(safe`  oldest ${oldest}`)], [number, span(safe`  ${oldest}`)], [number]],
    below: (width) => {
      if (call === null) return span(idleText(picture));
      const text = show(`${call.method} ${call.host}${call.template}`);
      return span(truncateMiddle(text, width, glyphs.more));
    },
  };
}

/** Inner widths of the four tiles; duration needs most. */
function widths(columns: number): readonly [number, number, number, number] {
  const inner = columns - 5;
  const durationWidth = Math.max(31, Math.floor(inner * 0.3));
  const flight = Math.floor((inner - durationWidth) * 0.36);
  const errors = Math.floor((inner - durationWidth - flight) / 2);
  return [inner - durationWidth - flight - errors, errors, durationWidth, flight];
}

function tilesOf(picture: Picture, glyphs: Glyphs): readonly Tile[] {
  return [
    rateTile(picture, glyphs),
    errorTile(picture, glyphs),
    durationTile(picture, glyphs),
    flightTile(picture, glyphs),
  ];
}

function topEdge(titled: readonly (readonly [Tile, number])[], { box }: Glyphs): Line {
  const edges = titled.flatMap(([{ title }, width], index) => {
    const corner = index === 0 ? box.topLeft : box.topTee;
    const name = span(safe` ${title} `, 'title');
    return [
      span(corner, 'frame'),
      name,
      span(repeat(box.across, width - widthOf([name])), 'frame'),
    ];
  });
  return [...edges, span(box.topRight, 'frame')];
}

function bottomEdge(inner: readonly number[], { box }: Glyphs): Line {
  const edges = inner.map((width, index) => {
    const corner = index === 0 ? box.bottomLeft : box.bottomTee;
    return span(safe`${corner}${repeat(box.across, width)}`, 'frame');
  });
  return [...edges, span(box.bottomRight, 'frame')];
}

function innerLine(cells: readonly Line[], inner: readonly number[], { box }: Glyphs): Line {
  const walls = cells.flatMap((cell, index) => [
    span(box.down, 'frame'),
    gap(1),
    ...fit(cell, (inner[index] ?? 2) - 2),
    gap(1),
  ]);
  return [...walls, span(box.down, 'frame')];
}

/** Rate, errors, duration and calls in flight, as four boxes of four lines. */
export function tileLines(picture: Picture, columns: number, glyphs: Glyphs): Line[] {
  const inner = widths(columns);
  const tiles = tilesOf(picture, glyphs);
  const figures = tiles.map(({ ways }, at) => firstThatFits(ways, (inner[at] ?? 2) - 2));
  const below = tiles.map((tile, at) => [tile.below((inner[at] ?? 2) - 2)]);
  return [
    topEdge(
      tiles.map((tile, at) => [tile, inner[at] ?? 2] as const),
      glyphs,
    ),
    innerLine(figures, inner, glyphs),
    innerLine(below, inner, glyphs),
    bottomEdge(inner, glyphs),
  ];
}

/** The same without boxes, in three lines, for short and narrow terminals. */
export function stripLines({ health }: Picture, columns: number, glyphs: Glyphs): Line[] {
  const half = Math.floor((columns - 8) / 2);
  return [
    summaryLine(health, columns, glyphs),
    [
      span(safe` rate `),
      span(sparkOfCounts(health.trend.calls, Math.min(half - 4, 30), glyphs)),
      span(safe`  err `),
      span(sparkOfCounts(health.trend.errors, Math.min(half - 4, 30), glyphs), 'error'),
    ],
    [span(safe` p95  `), span(sparkOfDurations(health.trend.p95Ms, columns - 8, glyphs))],
  ];
}

/** The four figures in one line. */
export function summaryLine({ all, ...health }: Health, columns: number, glyphs: Glyphs): Line {
  const { latency } = health[health.subject];
  const { p50, p95, p99 } = latency;
  const errorRole: Role = all.errors > 0 ? 'error' : 'plain';
  const perSecond = span(safe` ${rate(all.perSecond)}`, 'strong');
  const share = all.errorShare === null ? glyphs.none : percent(all.errorShare);
  const err = span(safe`  err ${share}`, errorRole);
  const oldest =
    all.oldestInFlightMs === null ? safe`` : safe` (${duration(all.oldestInFlightMs)})`;
  const flight = span(safe`  in flight ${count(all.inFlight)}${oldest}`);
  const slow = span(safe`  p95 ${percentileText(p95, glyphs)}`);
  const durations = span(
    safe`  p50 ${percentileText(p50, glyphs)} p95 ${percentileText(p95, glyphs)} p99 ${percentileText(p99, glyphs)}`,
  );
  return firstThatFits(
    [
      [perSecond, err, durations, flight],
      [perSecond, err, slow, flight],
      [perSecond, err, slow],
      [perSecond, err],
      [perSecond],
    ],
    columns,
  );
}
