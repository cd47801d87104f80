import {
  groupDrifts,
  type Drift,
  type DriftGroup,
  type DriftKind,
  type Evidence,
} from '@calltape/drift';
import { visible } from '@calltape/store';
import { counted, secondText } from '../units.ts';
import type { Compared, SideName } from './compared.ts';

const MOST_PLACES = 5;

/** Kinds that an absence tells: people are told how often something was there. */
const BY_ABSENCE: ReadonlySet<DriftKind> = new Set([
  'field-removed',
  'became-optional',
  'header-removed',
  'status-removed',
  'enum-value-removed',
]);

/** Findings for people, the worst first; one change at many places is told once. */
export function driftText(drifts: readonly Drift[], sides: Compared['sides']): string {
  return groupDrifts(drifts)
    .map((group) => groupText(group, sides))
    .join('\n');
}

function groupText(group: DriftGroup, sides: Compared['sides']): string {
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

function placeText({ endpoint, status, location, kind, before, after }: Drift): string {
  const { method, origin, template } = endpoint;
  const of = status === null ? '' : ` ${status}`;
  // A description has no calls.
  const was = before.of === 0 ? '' : `${share(before, kind)} before, `;
  const place = `${method} ${origin}${template}${of} ${location}`;
  return `${visible(place.trimEnd())}: ${was}${share(after, kind)} now`;
}

function share({ count, of }: Evidence, kind: DriftKind): string {
  return `${BY_ABSENCE.has(kind) ? of - count : count} of ${of}`;
}

function seenText({ chancePhrase, firstSeen }: Drift): string {
  const seen = firstSeen === null ? '' : `; first seen ${secondText(Date.parse(firstSeen))}`;
  return chancePhrase + seen;
}

function exampleLines(
  { examplesBefore, examplesAfter }: Drift,
  [before, after]: Compared['sides'],
): string[] {
  const [was] = examplesBefore;
  const [is] = examplesAfter;
  return [
    ...(was === undefined ? [] : [`  before: ${exampleText(was.id, before)}`]),
    ...(is === undefined ? [] : [`  now:    ${exampleText(is.id, after)}`]),
  ];
}

function exampleText(id: number, { tape }: Pick<SideName, 'tape'>): string {
  if (tape === null) return `call ${id} of the file`;
  return `calltape show ${id} --tape ${visible(tape)}`;
}

/** What nothing was learned from, in a sentence; empty when there was nothing such. */
export function skippedText([before, after]: Compared['learned']): string {
  const kinds = new Set([...before.skipped.keys(), ...after.skipped.keys()]);
  const parts = [...kinds].map((kind) => {
    const [was, is] = [before.skipped.get(kind) ?? 0, after.skipped.get(kind) ?? 0];
    return `${kind}: ${was} before, ${is} now`;
  });
  return parts.length === 0 ? '' : `Nothing was learned from these. ${parts.join('; ')}.`;
}
