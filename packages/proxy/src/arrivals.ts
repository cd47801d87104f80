/** A stream keeps at most this many arrivals; beyond it neighbours are merged two by two. */
export const MAX_ARRIVALS = 4096;

/**
 * Notes that `size` bytes arrived at `atMs`. When the list is full, each two neighbours become one
 * with the sizes added and the later time, so that a replay never shows a byte earlier than it came
 * and a long stream keeps its shape over its whole length.
 *
 * @param arrivals - Flat: milliseconds, bytes, milliseconds, bytes, ...
 */
export function noteArrival(arrivals: number[], atMs: number, size: number): void {
  if (arrivals.length >= MAX_ARRIVALS * 2) mergeNeighbours(arrivals);
  arrivals.push(Math.round(atMs * 1000) / 1000, size);
}

function mergeNeighbours(arrivals: number[]): void {
  const half = arrivals.length / 2;
  for (let at = 0; at < half; at += 2) {
    arrivals[at] = arrivals[at * 2 + 2] ?? 0;
    arrivals[at + 1] = (arrivals[at * 2 + 1] ?? 0) + (arrivals[at * 2 + 3] ?? 0);
  }
  arrivals.length = half;
}
