const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Longest duration taken; also keeps timers inside the 32 bits that Node has for them. */
export const MAX_DURATION_MS: number = 24 * 3_600_000;

/** `200ms`, `1.5s`, `2m` or `1h` in milliseconds; undefined for anything else or beyond a day. */
export function parseDuration(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = UNIT_MS.get(parts?.[2] ?? '');
  if (parts === null || unit === undefined) return undefined;
  const ms = Number(parts[1]) * unit;
  return ms <= MAX_DURATION_MS ? ms : undefined;
}
