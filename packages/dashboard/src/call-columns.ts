import type { CallRow } from '@calltape/store';
import { shortAddress } from './address.ts';
import { originSpan, pathOf, statusSpan } from './call-marks.ts';
import { truncateMiddle } from './cells.ts';
import { bytes, milliseconds, preciseTime } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { span } from './line.ts';
import { safe, type Safe, show } from './safe.ts';
import type { Column } from './table.ts';
import { bar, scaleOf, scaleTitle } from './waterfall.ts';

function took(call: CallRow, nowMs: number, glyphs: Glyphs): Safe {
  if (call.durationMs !== null) return milliseconds(call.durationMs);
  if (call.outcome !== 'pending') return glyphs.none;
  return safe`${milliseconds(Math.max(0, nowMs - call.startedAt))}+`;
}

/** The fixed columns before the path; `keep` says in which order they go when room is short. */
function leading(glyphs: Glyphs): Column<CallRow>[] {
  return [
    {
      title: safe`ID`,
      width: 4,
      align: 'right',
      keep: 2,
      cell: ({ id }) => span(safe`${id}`),
    },
    {
      title: safe`TIME`,
      width: 12,
      align: 'left',
      keep: 6,
      cell: ({ startedAt }) => span(preciseTime(startedAt)),
    },
    {
      title: safe`ST`,
      width: 5,
      align: 'left',
      keep: 10,
      cell: (call) => statusSpan(call, glyphs),
    },
    {
      title: safe`METHOD`,
      width: 6,
      align: 'left',
      keep: 8,
      cell: ({ method }) => span(show(method)),
    },
  ];
}

/** Where room is short and all calls go to one host, the path says it all. */
function shortAddresses(visible: readonly CallRow[], glyphs: Glyphs): Column<CallRow>[] {
  const isOneHost = new Set(visible.map(({ host }) => host)).size === 1;
  const text = (call: CallRow, width: number): Safe =>
    isOneHost
      ? truncateMiddle(pathOf(call), width, glyphs.more)
      : shortAddress(show(call.host), pathOf(call), width, glyphs.more);
  return [
    {
      title: isOneHost ? safe`PATH` : safe`ADDRESS`,
      width: 16,
      align: 'left',
      grow: 1,
      keep: 11,
      cell: (call, width) => span(text(call, width)),
    },
  ];
}

function addresses(glyphs: Glyphs): Column<CallRow>[] {
  return [
    {
      title: safe`HOST`,
      width: 14,
      align: 'left',
      grow: 1,
      max: 40,
      keep: 5,
      cell: ({ host }, width) => span(truncateMiddle(show(host), width, glyphs.more)),
    },
    {
      title: safe`PATH`,
      width: 16,
      align: 'left',
      grow: 3,
      max: 90,
      keep: 11,
      cell: (call, width) => span(truncateMiddle(pathOf(call), width, glyphs.more)),
    },
  ];
}

function numbers(nowMs: number, glyphs: Glyphs): Column<CallRow>[] {
  return [
    {
      title: safe`SENT`,
      width: 5,
      align: 'right',
      keep: 1,
      cell: ({ requestBytes }) => span(bytes(requestBytes)),
    },
    {
      title: safe`TTFB`,
      width: 6,
      align: 'right',
      keep: 3,
      cell: ({ ttfbMs }) => span(ttfbMs === null ? glyphs.none : milliseconds(ttfbMs)),
    },
    {
      title: safe`MS`,
      width: 6,
      align: 'right',
      keep: 9,
      cell: (call) => span(took(call, nowMs, glyphs)),
    },
    {
      title: safe`SIZE`,
      width: 5,
      align: 'right',
      keep: 7,
      cell: ({ responseBytes }) =>
        span(responseBytes === null ? glyphs.none : bytes(responseBytes)),
    },
    {
      title: safe` `,
      width: 1,
      align: 'left',
      keep: 12,
      cell: (call) => originSpan(call, glyphs),
    },
  ];
}

function waterfall(rows: readonly CallRow[], nowMs: number, glyphs: Glyphs): Column<CallRow> {
  const scale = scaleOf(rows, nowMs);
  return {
    title: safe`WATERFALL`,
    titleFor: (width) => scaleTitle(scale, width, glyphs),
    width: 24,
    align: 'left',
    grow: 3,
    keep: 4,
    cell: (call, width) => span(bar(call, scale, width, nowMs, glyphs)),
  };
}

const WIDE = 110;

/** The columns of a list of calls; the bars are on the scale of the rows that are visible. */
export function callColumns(
  visible: readonly CallRow[],
  screenColumns: number,
  nowMs: number,
  glyphs: Glyphs,
): Column<CallRow>[] {
  return [
    ...leading(glyphs),
    ...(screenColumns < WIDE ? shortAddresses(visible, glyphs) : addresses(glyphs)),
    ...numbers(nowMs, glyphs),
    waterfall(visible, nowMs, glyphs),
  ];
}
