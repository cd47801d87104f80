import { drawnText } from '../pattern/drawn-text.ts';
import { readPattern } from '../pattern/syntax.ts';
import type { Random } from '../random.ts';

const WORDS =
  'amber brook cedar delta ember field grove harbor island juniper kettle lantern meadow north oak pebble quartz river stone timber upland valley willow yonder zephyr'.split(
    ' ',
  );

/** Times are drawn from the ten years from here. */
const FIRST_DAY_MS = Date.UTC(2020, 0, 1);
const TEN_YEARS_MS = 3_652 * 86_400_000;

export function whole(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

function word(random: Random): string {
  return WORDS[whole(random, 0, WORDS.length - 1)] ?? '';
}

function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => whole(random, 0, 15).toString(16)).join('');
}

function time(random: Random): string {
  const ms = FIRST_DAY_MS + Math.floor((random() * TEN_YEARS_MS) / 1_000) * 1_000;
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

function uuid(random: Random): string {
  const variant = whole(random, 8, 11).toString(16);
  return `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-${variant}${hex(random, 3)}-${hex(random, 12)}`;
}

function link(random: Random): string {
  return `https://example.com/${word(random)}/${whole(random, 1, 9_999)}`;
}

/** Texts by their formats; RFC 2606 and RFC 5737 keep these names and addresses for examples. */
const FORMATS: ReadonlyMap<string, (random: Random) => string> = new Map([
  ['date-time', time],
  ['date', (random: Random) => time(random).slice(0, 10)],
  ['time', (random: Random) => time(random).slice(11)],
  ['duration', (random: Random) => `PT${whole(random, 1, 59)}M`],
  ['uuid', uuid],
  ['email', (random: Random) => `${word(random)}.${word(random)}@example.com`],
  ['idn-email', (random: Random) => `${word(random)}@example.com`],
  ['hostname', (random: Random) => `${word(random)}.example.com`],
  ['ipv4', (random: Random) => `192.0.2.${whole(random, 1, 254)}`],
  ['ipv6', (random: Random) => `2001:db8::${hex(random, 4)}`],
  ['uri', link],
  ['url', link],
  ['iri', link],
  ['uri-reference', (random: Random) => `/${word(random)}/${whole(random, 1, 9_999)}`],
  ['byte', (random: Random) => Buffer.from(word(random)).toString('base64')],
]);

/** What a text has to be like. */
export interface TextShape {
  readonly format: string | null;
  readonly pattern: string | undefined;
  readonly least: number;
  readonly most: number;
}

function plain(random: Random, least: number, most: number): string {
  let text = word(random);
  while (text.length < least) text += ` ${word(random)}`;
  const cut = text.slice(0, Math.max(least, Math.min(text.length, most)));
  return cut.endsWith(' ') ? `${cut.slice(0, -1)}s` : cut;
}

/** @throws WrongPattern when the pattern is one that nothing can be made from. */
export function drawnString(shape: TextShape, random: Random): string {
  if (shape.pattern !== undefined) return drawnText(readPattern(shape.pattern), random);
  const formatted = FORMATS.get(shape.format ?? '')?.(random);
  return formatted ?? plain(random, shape.least, shape.most);
}
