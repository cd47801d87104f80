import { ValueError } from './filter-error.ts';

/** Both ends belong to it. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export type ReadValue = (text: string) => Range;

const MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

function measured(
  text: string,
  units: Readonly<Record<string, number>>,
  defaultUnit: string | null,
): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text) ?? [];
  const factor = units[unit === '' && defaultUnit !== null ? defaultUnit : unit.toLowerCase()];
  return number === '' || factor === undefined ? null : Number(number) * factor;
}

function single(value: number | null, problem: string): Range {
  if (value === null) throw new ValueError(problem);
  return { low: value, high: value };
}

/** `300ms`, `1.5s`, `5m`; milliseconds without a unit. */
export const readDuration: ReadValue = (text) =>
  single(measured(text, MS, 'ms'), `"${text}" is no duration. Write 300ms, 1.5s or 5m`);

/** `512`, `20kb` (1 000 bytes each) or `20kib` (1 024 bytes each). */
export const readBytes: ReadValue = (text) =>
  single(measured(text, BYTES, 'b'), `"${text}" is no size. Write 512, 20kb or 1.5mib`);

export const readWhole: ReadValue = (text) =>
  single(/^\d{1,15}$/.test(text) ? Number(text) : null, `"${text}" is no whole number`);

export const readNumber: ReadValue = (text) =>
  single(/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : null, `"${text}" is no number`);

/** `404` or a class, `5xx`. */
export const readStatus: ReadValue = (text) => {
  const [, digit] = /^([1-9])xx$/i.exec(text) ?? [];
  if (digit !== undefined) return { low: Number(digit) * 100, high: Number(digit) * 100 + 99 };
  const problem = `"${text}" is no status. Write 404, 5xx or 2xx..4xx`;
  return single(/^\d{3}$/.test(text) ? Number(text) : null, problem);
};

/** `a..b` of whatever `read` reads, or one of it. */
export function readRange(text: string, read: ReadValue): Range {
  const [from = '', to, ...more] = text.split('..');
  if (to === undefined) return read(from);
  const range = { low: read(from).low, high: read(to).high };
  if (more.length > 0 || range.low > range.high) {
    throw new ValueError(`"${text}" is no range. Write the lower end, two dots and the higher end`);
  }
  return range;
}

/**
 * A point in time, in milliseconds since the Unix epoch: so long ago (`5m`), the last time that the
 * clock showed it (`14:30`, local time), or a date with or without a time (ISO 8601, local time
 * unless it says otherwise).
 */
export function readTime(text: string, now: number): number {
  const ago = measured(text, MS, null);
  if (ago !== null) return now - ago;
  const time = clockTime(text, now) ?? dateTime(text);
  if (time === null) {
    throw new ValueError(`"${text}" is no time. Write 5m, 14:30 or 2026-11-22T14:30`);
  }
  return time;
}

function clockTime(text: string, now: number): number | null {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 23) return null;
  if (Number(minutes) > 59 || Number(seconds) > 59) return null;
  const time = new Date(now);
  time.setHours(Number(hours), Number(minutes), Number(seconds), 0);
  if (time.getTime() > now) time.setDate(time.getDate() - 1);
  return time.getTime();
}

function dateTime(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const time = Date.parse(text.length === 10 ? `${text}T00:00` : text);
  return Number.isNaN(time) ? null : time;
}
