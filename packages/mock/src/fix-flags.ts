import type { Difference, Fix } from './difference.ts';

/** Plain words of a shell; anything else is put in single quotes. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function flagOf(fix: Fix): string {
  return 'match' in fix ? `--match ${fix.match}` : `--ignore ${shellWord(fix.ignore)}`;
}

/** Whether leaving the body out makes a place unnecessary. */
function isInBody(fix: Fix): boolean {
  return 'ignore' in fix && /^(?:json|form):/.test(fix.ignore);
}

/**
 * The flags with which none of some differences counts; null where there are none.
 *
 * @param more - How many differences there are besides.
 */
export function fixFlags(differs: readonly Difference[], more: number): string | null {
  const fixes = differs.flatMap(({ fix }) => fix ?? []);
  if (more > 0 || fixes.length === 0 || fixes.length < differs.length) return null;
  const noBody = fixes.some((fix) => 'match' in fix && fix.match === '-body');
  const needed = noBody ? fixes.filter((fix) => !isInBody(fix)) : fixes;
  return [...new Set(needed.map(flagOf))].join(' ');
}

/** The places of some differences in the characters of a header field. */
export function placesText(differs: readonly Difference[]): string {
  const places = differs.map(({ in: where, at, fix }) => {
    if (fix !== null && 'ignore' in fix) return fix.ignore;
    return at === '' ? where : `${where}:${at}`;
  });
  return places.map((place) => encodeURI(place.toWellFormed()).slice(0, 200)).join(' ');
}
