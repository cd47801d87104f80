import type { TextEdit } from '@calltape/store';

const DAY_MS = 86_400_000;
const YEAR_MS = 366 * DAY_MS;

/** How far from its recording a moment may be and still be one that moves with it. */
const NEAR = {
  /** What is written as a date and a time, or stands at a name that says so. */
  named: 5 * YEAR_MS,
  /** A date without a time: those of people are further away. */
  date: YEAR_MS,
  /** Any other number: it may count something else. */
  unnamed: DAY_MS,
} as const;

/** Gives a moment, in milliseconds since the Unix epoch, its new place. */
export type MoveTime = (ms: number) => number;

export interface Mover {
  /** When the call was recorded, milliseconds since the Unix epoch. */
  readonly recordedAt: number;
  /** Moves by whole seconds, so that fractions stay as they are written. */
  readonly move: MoveTime;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** RFC 9110 section 5.6.7, and the form with hyphens that cookies still have. */
const HTTP_DATE =
  /\b(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat), \d\d([ -])([A-Z][a-z]{2})\1\d{4} \d\d:\d\d:\d\d GMT/g;

/**
 * RFC 3339, seconds and zone left out where programs do so. One in the query of a URL is for the next
 * request, which has to be the recorded one.
 */
const DATE_TIME =
  /(?<![\w.=-])(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d)(:\d\d)?([.,]\d+)?(Z|[+-]\d\d:?\d\d)?(?![\w-]|[.:]\d)/g;

const DATE = /^\d{4}-\d\d-\d\d$/;
const UNIX = /^(\d{10}|\d{13})(\.\d+)?$/;

const TIME_NAME =
  /(?:^|[_-])(?:at|on|ts|iat|exp|nbf|from|to|start|end|since|until|before|after|reset)(?:_(?:ms|millis|utc|unix|seconds?))?$|time|date|stamp|created|updated|modified|expire|expir[ye]|deadline/;

/** Whether a member or field of this name holds a moment, as far as names go. */
export function namesTime(name: string): boolean {
  return TIME_NAME.test(name.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase());
}

function isNear(ms: number, { recordedAt }: Mover, distance: number): boolean {
  return Number.isFinite(ms) && Math.abs(ms - recordedAt) <= distance;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function httpDate(ms: number, hyphen: string): string {
  const at = new Date(ms);
  const date = [two(at.getUTCDate()), MONTHS[at.getUTCMonth()], at.getUTCFullYear()].join(hyphen);
  return `${DAYS[at.getUTCDay()]}, ${date} ${at.toISOString().slice(11, 19)} GMT`;
}

function movedHttpDate(text: string, hyphen: string, mover: Mover): string {
  const ms = Date.parse(text.replaceAll('-', ' '));
  return isNear(ms, mover, NEAR.named) ? httpDate(mover.move(ms), hyphen) : text;
}

/** Milliseconds that a zone is ahead of UTC. */
function zoneMs(zone: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return (sign === '-' ? -60_000 : 60_000) * (Number(hours) * 60 + Number(minutes));
}

function movedDateTime(parts: readonly string[], mover: Mover): string {
  const [text = '', date = '', between = '', minutes = '', seconds = '', rest = '', zone = ''] =
    parts;
  const local = Date.parse(`${date}T${minutes}${seconds === '' ? ':00' : seconds}Z`);
  const ahead = zoneMs(zone);
  if (!isNear(local - ahead, mover, NEAR.named)) return text;
  const moved = new Date(mover.move(local - ahead) + ahead).toISOString();
  const end = seconds === '' ? 16 : 19;
  return moved.slice(0, 10) + between + moved.slice(11, end) + rest + zone;
}

/** The dates with a time in a text that move. What takes their place is as long. */
export function dateEdits(text: string, mover: Mover): TextEdit[] {
  const dates = Array.from(text.matchAll(HTTP_DATE), ({ 0: date, 1: hyphen = ' ', index }) => {
    return { date, index, moved: movedHttpDate(date, hyphen, mover) };
  });
  const times = Array.from(text.matchAll(DATE_TIME), (match) => {
    const parts = Array.from(match, (part?: string) => part ?? '');
    return { date: match[0], index: match.index, moved: movedDateTime(parts, mover) };
  });
  return [...dates, ...times]
    .filter(({ date, moved }) => date !== moved)
    .map(({ date, index, moved }) => ({ from: index, to: index + date.length, text: moved }))
    .toSorted((one, other) => one.from - other.from);
}

function movedDate(text: string, mover: Mover): string {
  const ms = Date.parse(text);
  if (!isNear(ms, mover, NEAR.date)) return text;
  const today = mover.recordedAt - (mover.recordedAt % DAY_MS);
  const now = mover.move(mover.recordedAt);
  const moved = ms + (now - (now % DAY_MS)) - today;
  return new Date(moved).toISOString().slice(0, 10);
}

/** Moves a Unix time in seconds or milliseconds; any other number stays. */
export function movedUnix(text: string, isTime: boolean, mover: Mover): string {
  const [, whole, fraction = ''] = UNIX.exec(text) ?? [];
  if (whole === undefined) return text;
  const unit = whole.length === 10 ? 1_000 : 1;
  const ms = Number(whole) * unit;
  if (!isNear(ms, mover, isTime ? NEAR.named : NEAR.unnamed)) return text;
  return `${mover.move(ms) / unit}${fraction}`;
}

/** Moves what stands for a moment all by itself at a JSON member of this name. */
export function movedValue(text: string, isString: boolean, name: string, mover: Mover): string {
  if (!isString) return movedUnix(text, namesTime(name), mover);
  if (DATE.test(text)) return /version/i.test(name) ? text : movedDate(text, mover);
  // A text of digits is more often an id; one with a fraction is Slack's.
  return /^\d+$/.test(text) && namesTime(name) ? movedUnix(text, true, mover) : text;
}
