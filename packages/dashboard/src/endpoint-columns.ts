import type { EndpointFigures } from '@calltape/health';
import { truncateMiddle } from './cells.ts';
import { count, percent, percentileText } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { type Span, span } from './line.ts';
import { safe, type Safe, show } from './safe.ts';
import { sparkOfDurations } from './spark.ts';
import type { Column } from './table.ts';
import type { Role } from './theme.ts';

function host({ endpoint: { origin } }: EndpointFigures): string {
  return origin.slice(origin.indexOf('://') + 3);
}

function path({ endpoint }: EndpointFigures): string {
  return endpoint.template;
}

function hostAndPath(one: EndpointFigures): string {
  return host(one) + path(one);
}

const METHOD: Column<EndpointFigures> = {
  title: safe`METHOD`,
  width: 6,
  align: 'left',
  keep: 10,
  cell: ({ endpoint }) => span(show(endpoint.method)),
};

function nameColumn(
  title: Safe,
  grow: number,
  max: number,
  glyphs: Glyphs,
  text: (one: EndpointFigures) => string,
): Column<EndpointFigures> {
  return {
    title,
    width: 24,
    align: 'left',
    grow,
    max,
    keep: 13,
    cell: (one, width) => span(truncateMiddle(show(text(one)), width, glyphs.more)),
  };
}

/** A host that is the same on every line says nothing; without room it shares a column. */
function names(isWide: boolean, isOneHost: boolean, glyphs: Glyphs): Column<EndpointFigures>[] {
  if (isWide) {
    return [
      METHOD,
      nameColumn(safe`HOST`, 1, 40, glyphs, host),
      nameColumn(safe`PATH`, 2, 80, glyphs, path),
    ];
  }
  return [METHOD, nameColumn(safe`ENDPOINT`, 4, 80, glyphs, isOneHost ? path : hostAndPath)];
}

/** A column of what happens rarely; it is there when it has happened. */
function rareColumn(
  title: Safe,
  keep: number,
  role: Role,
  valueOf: (one: EndpointFigures) => number,
  endpoints: readonly EndpointFigures[],
): Column<EndpointFigures>[] {
  if (!endpoints.some((one) => valueOf(one) > 0)) return [];
  const cell = (one: EndpointFigures): Span => {
    const value = valueOf(one);
    return span(value === 0 ? safe` ` : count(value), role);
  };
  return [{ title, width: 3, align: 'right', keep, cell }];
}

function counts(endpoints: readonly EndpointFigures[], glyphs: Glyphs): Column<EndpointFigures>[] {
  return [
    {
      title: safe`CALLS`,
      width: 6,
      align: 'right',
      keep: 12,
      cell: ({ calls }) => span(count(calls)),
    },
    ...rareColumn(glyphs.fault, 6, 'injected', ({ injected }) => injected, endpoints),
    ...rareColumn(safe`4XX`, 2, 'clientError', ({ clientErrors }) => clientErrors, endpoints),
    ...rareColumn(safe`429`, 1, 'clientError', ({ rateLimited }) => rateLimited, endpoints),
    {
      title: safe`ERR`,
      width: 5,
      align: 'right',
      keep: 11,
      cell: ({ errors, errorShare }) =>
        span(
          errorShare === null ? glyphs.none : percent(errorShare),
          errors > 0 ? 'error' : 'plain',
        ),
    },
  ];
}

function durations(glyphs: Glyphs): Column<EndpointFigures>[] {
  return [
    {
      title: safe`p50`,
      width: 5,
      align: 'right',
      keep: 7,
      cell: ({ latency }) => span(percentileText(latency.p50, glyphs)),
    },
    {
      title: safe`p95`,
      width: 5,
      align: 'right',
      keep: 9,
      cell: ({ latency }) => span(percentileText(latency.p95, glyphs)),
    },
    {
      title: safe`p99`,
      width: 5,
      align: 'right',
      keep: 5,
      cell: ({ latency }) => span(percentileText(latency.p99, glyphs)),
    },
    {
      title: safe`TREND`,
      titleFor: (width) => (width < 10 ? safe`TREND` : safe`p95 TREND`),
      width: 6,
      align: 'left',
      grow: 1,
      max: 60,
      keep: 4,
      cell: ({ trend }, width) => span(sparkOfDurations(trend.p95Ms, width, glyphs)),
    },
  ];
}

const WIDE = 110;

/** The columns of the endpoint table, for a screen of so many cells. */
export function endpointColumns(
  endpoints: readonly EndpointFigures[],
  screenColumns: number,
  glyphs: Glyphs,
): Column<EndpointFigures>[] {
  const origins = new Set(endpoints.map(({ endpoint }) => endpoint.origin));
  return [
    ...names(screenColumns >= WIDE, origins.size === 1, glyphs),
    ...counts(endpoints, glyphs),
    ...durations(glyphs),
  ];
}
