import type { EndpointFigures, Figures, Health, Reason } from '@calltape/health';
import { basename } from 'node:path';
import { padEnd } from './cells.ts';
import { endpointColumns } from './endpoint-columns.ts';
import { count, dateTime, duration, percent, percentileText, rate } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import type { Line } from './line.ts';
import type { Picture } from './picture.ts';
import { join, safe, type Safe, show } from './safe.ts';
import { layOut, rowLine, titleLine } from './table.ts';
import { callsWord, lossesText, spanText } from './view-header.ts';

const NAME_WIDTH = 10;

function named(name: Safe, parts: readonly Safe[]): Safe {
  return safe`${padEnd(name, NAME_WIDTH)}  ${join(parts, safe`  `)}`;
}

function errorsText({ errors, errorShare }: Figures): Safe {
  return errorShare === null
    ? safe`errors ${count(errors)}`
    : safe`errors ${count(errors)} (${percent(errorShare)})`;
}

function latencyParts({ latency }: Figures, glyphs: Glyphs): Safe[] {
  return [
    safe`p50 ${percentileText(latency.p50, glyphs)}`,
    safe`p95 ${percentileText(latency.p95, glyphs)}`,
    safe`p99 ${percentileText(latency.p99, glyphs)}`,
    safe`n ${count(latency.n)}`,
  ];
}

function sliceLine(name: Safe, figures: Figures, glyphs: Glyphs): Safe[] {
  if (figures.calls === 0) return [];
  return [
    named(name, [callsWord(figures.calls), errorsText(figures), ...latencyParts(figures, glyphs)]),
  ];
}

/** One line for each kind of call, when there is more than one kind. */
function sliceLines({ live, mock, injected }: Health, glyphs: Glyphs): Safe[] {
  const lines = [
    ...sliceLine(safe`live`, live, glyphs),
    ...sliceLine(safe`mock`, mock, glyphs),
    ...sliceLine(safe`injected`, injected, glyphs),
  ];
  return lines.length > 1 ? lines : [];
}

function flightParts({ inFlight, oldestInFlightMs }: Figures): Safe[] {
  if (oldestInFlightMs === null) return [safe`${inFlight}`];
  return [safe`${count(inFlight)}`, safe`oldest ${duration(oldestInFlightMs)}`];
}

function reasonText({ reason, calls, injected }: Reason): Safe {
  const ours = injected === 0 ? safe`` : safe` (${count(injected)} injected)`;
  return safe`${show(reason)} ${count(calls)}${ours}`;
}

function headLines(picture: Picture, glyphs: Glyphs): Safe[] {
  const { health, file, total } = picture;
  const losses = lossesText(picture);
  const { all } = health;
  const { clientErrors, rateLimited, aborted } = all;
  const time = safe`${dateTime(health.fromMs)} to ${dateTime(health.toMs)}  (${spanText(picture)})`;
  return [
    named(safe`calltape`, [show(basename(file)), safe`${callsWord(total)} on the tape`]),
    ...(total === 0 ? [] : [named(safe`window`, [time])]),
    named(safe`calls`, [count(all.calls), rate(all.perSecond), errorsText(all)]),
    named(safe`client`, [
      safe`4xx ${count(clientErrors)}`,
      safe`429 ${count(rateLimited)}`,
      safe`aborted ${count(aborted)}`,
    ]),
    named(safe`latency ms`, latencyParts(health[health.subject], glyphs)),
    named(safe`in flight`, flightParts(all)),
    ...(losses === null ? [] : [named(safe`lost`, [losses])]),
  ];
}

function listLine(name: Safe, parts: readonly Safe[]): Safe[] {
  return parts.length === 0 ? [] : [named(name, parts)];
}

/** One line a rule: a rule is long, and there are several at once. */
function faultLines({ faults }: Health): Safe[] {
  return faults.map(({ rule, calls, errors }, at) =>
    named(at === 0 ? safe`faults` : safe``, [
      show(rule),
      callsWord(calls),
      safe`errors ${count(errors)}`,
    ]),
  );
}

function plain(line: Line): Safe {
  return join(line.map(({ text }) => text));
}

function endpointTable(
  endpoints: readonly EndpointFigures[],
  columns: number,
  glyphs: Glyphs,
): Safe[] {
  if (endpoints.length === 0) return [];
  const laidOut = layOut(endpointColumns(endpoints, columns, glyphs), endpoints, columns);
  const rows = endpoints.map((one) => plain(rowLine(laidOut, one)));
  return [safe``, plain(titleLine(laidOut)), ...rows];
}

/** The health of a tape in plain lines, for logs and pipes. */
export function reportLines(picture: Picture, columns: number, glyphs: Glyphs): string[] {
  const { health } = picture;
  return [
    ...headLines(picture, glyphs),
    ...sliceLines(health, glyphs),
    ...listLine(safe`failed`, health.reasons.map(reasonText)),
    ...faultLines(health),
    ...endpointTable(health.endpoints, columns, glyphs),
  ].map((line) => line.trimEnd());
}
