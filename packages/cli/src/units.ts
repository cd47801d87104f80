const STEP = 1024;
const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** A size in bytes, as short as it can be read: `312 B`, `1.4 kB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(
    UNITS.length - 1,
    Math.max(0, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(STEP))),
  );
  const value = bytes / STEP ** power;
  return `${power === 0 ? String(value) : value.toFixed(1)} ${UNITS[power] ?? 'B'}`;
}

/** Milliseconds since the Unix epoch as `2026-11-24 03:48:28.123`, UTC. */
export function timeText(epochMs: number): string {
  return isoTime(epochMs).replace('T', ' ').replace('Z', '');
}

/** The same to the second, for tables. */
export function secondText(epochMs: number): string {
  return timeText(epochMs).slice(0, 19);
}

/** Milliseconds since the Unix epoch as ISO 8601, UTC, with milliseconds. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** `1 call`, `2 calls`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A length of time, as short as it can be read: `4 s`, `2 m 10 s`, `1 h 5 m`. */
export function spanText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** `1 body`, `2 bodies`. */
export function bodiesText(count: number): string {
  return `${count} ${count === 1 ? 'body' : 'bodies'}`;
}
