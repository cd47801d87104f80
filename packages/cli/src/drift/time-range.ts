import { DURATION } from '../value-kinds.ts';

/** Calls between two moments, milliseconds since the Unix epoch; those at the second are not in it. */
export interface TimeRange {
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?$/;

/**
 * A range as users write it: `2026-11-01..2026-11-10`, `..1h`, `2h..1h`, `15m`. A date alone is a whole
 * day, also as the end; times without a zone are UTC; a length of time is so long ago.
 *
 * @param now - Milliseconds since the Unix epoch.
 */
export function timeRange(text: string, now: number): TimeRange | undefined {
  const [, from = '', until = ''] = /^(.*?)\.\.(.*)$/.exec(text) ?? [];
  if (from === '' && until === '') return single(text, now);
  const since = endOf(from, now, 0);
  const end = endOf(until, now, DAY_MS);
  if (since === undefined || end === undefined) return undefined;
  return {
    ...(since === null ? {} : { sinceMs: since }),
    ...(end === null ? {} : { untilMs: end }),
  };
}

/** Null for an open end, undefined for what is none. */
function endOf(text: string, now: number, afterDate: number): number | null | undefined {
  if (text === '') return null;
  const moment = momentOf(text, now);
  return moment !== undefined && DATE.test(text) ? moment + afterDate : moment;
}

function single(text: string, now: number): TimeRange | undefined {
  const moment = momentOf(text, now);
  if (moment === undefined) return undefined;
  return DATE.test(text) ? { sinceMs: moment, untilMs: moment + DAY_MS } : { sinceMs: moment };
}

function momentOf(text: string, now: number): number | undefined {
  const ago = DURATION.parse(text);
  if (ago !== undefined) return now - ago;
  if (!DATE.test(text) && !MOMENT.test(text)) return undefined;
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(10));
  const at = Date.parse(DATE.test(text) || hasZone ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? undefined : at;
}
