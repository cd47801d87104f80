import type { Percentile } from '@calltape/health';
import type { Glyphs } from './glyphs.ts';
import { safe, type Safe, show } from './safe.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Numbers are the program's own words. */
function words(text: string): Safe {
  return show(text);
}

/** `12 408`. */
export function count(value: number): Safe {
  return words(String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ' '));
}

/** Milliseconds in at most five cells: `4.2`, `310`, `1.2s`, `12.4s`, `2m05s`, `3h07m`. */
export function duration(ms: number): Safe {
  if (ms < 9.95) return words(ms.toFixed(1));
  if (ms < 999.5) return words(String(Math.round(ms)));
  if (ms < 99.95 * SECOND) return words(`${(ms / SECOND).toFixed(1)}s`);
  return longTime(ms);
}

function longTime(ms: number): Safe {
  const pairs = [
    [DAY, HOUR, 'd', 'h'],
    [HOUR, MINUTE, 'h', 'm'],
    [MINUTE, SECOND, 'm', 's'],
  ] as const;
  const [large, small, first, second] =
    pairs.find(([unit]) => ms >= unit) ?? ([MINUTE, SECOND, 'm', 's'] as const);
  const rest = String(Math.floor((ms % large) / small)).padStart(2, '0');
  return words(`${Math.floor(ms / large)}${first}${rest}${second}`);
}

/** Milliseconds as a table of calls shows them: `4.2`, `2 004`, and from 100 s on as `duration`. */
export function milliseconds(ms: number): Safe {
  if (ms < 9.95) return words(ms.toFixed(1));
  return ms < 100 * SECOND ? count(ms) : duration(ms);
}

/** A duration that says its unit: `420 ms`, `1.4s`, `1m21s`. */
export function lengthOfTime(ms: number): Safe {
  if (ms < 999.5) return safe`${duration(ms)} ms`;
  return ms < MINUTE ? duration(ms) : longTime(ms);
}

/** How long ago or how long already, in whole steps: `now`, `42s`, `3m`, `2h`, `5d`. */
export function age(ms: number): Safe {
  if (ms < SECOND) return safe`now`;
  if (ms < MINUTE) return words(`${Math.floor(ms / SECOND)}s`);
  if (ms < HOUR) return words(`${Math.floor(ms / MINUTE)}m`);
  return words(ms < DAY ? `${Math.floor(ms / HOUR)}h` : `${Math.floor(ms / DAY)}d`);
}

/** `42.1/s`, `1 240/s`, and `3.0/min` for what is rarer than one in ten seconds. */
export function rate(perSecond: number): Safe {
  if (perSecond === 0) return safe`0/s`;
  if (perSecond < 0.1) return words(`${(perSecond * 60).toFixed(1)}/min`);
  return perSecond < 999.5 ? words(`${perSecond.toFixed(1)}/s`) : safe`${count(perSecond)}/s`;
}

/** A share of 1 in per cent; what is not quite none and not quite all does not round to it. */
export function percent(share: number): Safe {
  if (share === 0) return safe`0%`;
  if (share === 1) return safe`100%`;
  if (share < 0.001) return safe`<0.1%`;
  return words(`${Math.min(99.9, share * 100).toFixed(1)}%`);
}

/** `310`, `2.1k`, `9.8M`. */
export function bytes(size: number): Safe {
  const units = ['', 'k', 'M', 'G', 'T'];
  let value = size;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return words(`${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)}${units[unit]}`);
}

function digits(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}

/** Local time of day: `14:32:07`. */
export function timeOfDay(epochMs: number): Safe {
  const at = new Date(epochMs);
  return words(`${digits(at.getHours())}:${digits(at.getMinutes())}:${digits(at.getSeconds())}`);
}

/** Local time of day with milliseconds: `14:32:07.112`. */
export function preciseTime(epochMs: number): Safe {
  return safe`${timeOfDay(epochMs)}.${words(digits(Math.floor(epochMs % 1000), 3))}`;
}

/** Local date and time: `2026-11-22 14:32:07`. */
export function dateTime(epochMs: number): Safe {
  const at = new Date(epochMs);
  const date = `${at.getFullYear()}-${digits(at.getMonth() + 1)}-${digits(at.getDate())}`;
  return safe`${words(date)} ${timeOfDay(epochMs)}`;
}

/** A percentile; `~` says that there are too few calls for it. */
export function percentileText({ ms, tooFew }: Percentile, glyphs: Glyphs): Safe {
  if (ms === null) return glyphs.none;
  return tooFew ? safe`~` : duration(ms);
}
