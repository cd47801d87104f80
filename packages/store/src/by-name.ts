/** Orders entries by their names, the same everywhere: by code units. */
export function byName(
  [one]: readonly [string, unknown],
  [other]: readonly [string, unknown],
): number {
  return one < other ? -1 : Number(one > other);
}
