import { fieldKind } from './field-kind.ts';

/** What node:http would throw at in a field value. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** Fields that frame or route a message must not come as trailers (RFC 9110 section 6.5.1). */
function isAllowed(name: string): boolean {
  const kind = fieldKind(name);
  return kind === 'ordinary' || kind === 'content-disposition';
}

/**
 * The trailers that are passed on, order, letter case and repeats kept.
 *
 * @param raw - Flat: name, value, name, value, ...
 */
export function passedTrailers(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    if (isAllowed(name) && !UNSENDABLE.test(value)) pairs.push([name, value]);
  }
  return pairs;
}
