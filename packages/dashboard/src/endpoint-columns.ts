import type { EndpointFigures } from '@calltape/health';
import { shortAddress } from './address.ts';
import { cellWidth, truncateMiddle } from './cells.ts';
import { count, percent, percentileText } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { type Span, span } from './line.ts';
import { safe, type Safe, show } from './safe.ts';
import { sparkOfDurations } from './spark.ts';
import type { Column } from './table.ts';
import type { Role } from './theme.ts';

type Named = (one: EndpointFigures, width: number) => Safe;

function host({ endpoint: { origin } }: EndpointFigures): Safe {
  return show(origin.slice(origin.indexOf('://') + 3));
}

function path({ endpoint }: EndpointFigures): Safe {
  return show(endpoint.template);
}

/** Says which lines have durations that are not of the API itself. */
function whoseColumn(
  endpoints: readonly EndpointFigures[],
  glyphs: Glyphs,
): Column<EndpointFigures>[] {
  const signs = { live: safe` `, mock: glyphs.mock, injected: glyphs.fault } as const;
  const roles = { live: 'plain', mock: 'live', injected: 'injected' } as const;
  if (endpoints.every(({ subject }) => subject === 'live')) return [];
  const cell = ({ subject }: EndpointFigures): Span => span(signs[subject], roles[subject]);
  return [{ title: safe` `, width: 1, align: 'left', keep: 8, cell }];
}

const LEAST_NAME = 28;
const MOST_NAME = 80;

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
  endpoints: readonly EndpointFigures[],
  text: Named,
): Column<EndpointFigures> {
  const widest = Math.max(...endpoints.map((one) => cellWidth(text(one, MOST_NAME))));
  return {
    title,
    width: LEAST_NAME,
    align: 'left',
    grow,
    max: Math.max(LEAST_NAME, Math.min(MOST_NAME, widest)),
    keep: 13,
    cell: (one, width) => span(text(one, width)),
  };
}

/** A host that is the same on every line says nothing; without room it shares a column. */
function names(
  endpoints: readonly EndpointFigures[],
  isWide: boolean,
  glyphs: Glyphs,
): Column<EndpointFigures>[] {
  const cut: (text: typeof host) => Named = (text) => (one, width) =>
    truncateMiddle(text(one), width, glyphs.more);
  if (isWide) {
    return [
      nameColumn(safe`HOST`, 1, endpoints, cut(host)),
      nameColumn(safe`PATH`, 2, endpoints, cut(path)),
    ];
  }
  const isOneHost = new Set(endpoints.map(({ endpoint }) => endpoint.origin)).size === 1;
  const both: Named = (one, width) => shortAddress(host(one), path(one), width, glyphs.more);
  return [nameColumn(safe`ENDPOINT`, 4, endpoints, isOneHost ? cut(path) : both)];
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
      keep: 4,
      cell: ({ latency }) => span(percentileText(latency.p99, glyphs)),
    },
    {
      title: safe`TREND`,
      titleFor: (width) => (width < 10 ? safe`TREND` : safe`p95 TREND`),
      width: 6,
      align: 'left',
      grow: 1,
      max: 60,
      keep: 5,
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
  return [
    ...whoseColumn(endpoints, glyphs),
    METHOD,
    ...names(endpoints, screenColumns >= WIDE, glyphs),
    ...counts(endpoints, glyphs),
    ...durations(glyphs),
  ];
}
