import { groupDrifts, type Drift, type DriftGroup, type Evidence } from '@calltape/drift';
import { visible } from '@calltape/store';
import { counted, secondText } from '../units.ts';
import type { Side } from './side.ts';

const MOST_PLACES = 5;

/** Where the calls of a finding are. */
export type Sides = readonly [before: Pick<Side, 'tape'>, after: Pick<Side, 'tape'>];

/** Findings for people, the worst first; one change at many places is told once. */
export function driftText(drifts: readonly Drift[], sides: Sides): string {
  return groupDrifts(drifts)
    .map((group) => groupText(group, sides))
    .join('\n');
}

function groupText(group: DriftGroup, sides: Sides): string {
  const { kind, severity, was, is, drifts } = group;
  const [first] = drifts;
  if (first === undefined) return '';
  const where = group.direction === 'request' ? ' of requests' : '';
  const name = visible(first.location === '' ? '' : ` ${nameOf(group)}`);
  const many = drifts.length > 1 ? `, at ${counted(drifts.length, 'place')}` : '';
  const lines = [
    `${severity}  ${kind}${name}${where}: ${visible(was)} -> ${visible(is)}${many}`,
    ...drifts.slice(0, MOST_PLACES).map((drift) => `  ${placeText(drift)}`),
    ...(drifts.length > MOST_PLACES ? [`  and ${drifts.length - MOST_PLACES} more`] : []),
    `  ${seenText(first)}`,
    ...exampleLines(first, sides),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function nameOf({ drifts, name }: DriftGroup): string {
  const [first] = drifts;
  return drifts.length === 1 && first !== undefined ? first.location : name;
}

function placeText({ endpoint, status, location, before, after }: Drift): string {
  const { method, origin, template } = endpoint;
  const of = status === null ? '' : ` ${status}`;
  const place = `${method} ${origin}${template}${of} ${location}`;
  return `${visible(place.trimEnd())}: ${share(before)} before, ${share(after)} now`;
}

function share({ count, of }: Evidence): string {
  return `${count} of ${of}`;
}

function seenText({ chancePhrase, firstSeen }: Drift): string {
  const seen = firstSeen === null ? '' : `; first seen ${secondText(Date.parse(firstSeen))}`;
  return chancePhrase + seen;
}

function exampleLines({ examplesBefore, examplesAfter }: Drift, [before, after]: Sides): string[] {
  const [was] = examplesBefore;
  const [is] = examplesAfter;
  return [
    ...(was === undefined ? [] : [`  before: ${exampleText(was.id, before)}`]),
    ...(is === undefined ? [] : [`  now:    ${exampleText(is.id, after)}`]),
  ];
}

function exampleText(id: number, { tape }: Pick<Side, 'tape'>): string {
  if (tape === null) return `call ${id} of the file`;
  return `calltape show ${id} --tape ${visible(tape)}`;
}
