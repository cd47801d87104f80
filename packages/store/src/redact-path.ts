/** A step of a path: a member's name or an index, any one, or any number of any. */
export type Step = string | number | typeof ANY | typeof DEEP;

const ANY: unique symbol = Symbol('any');
const DEEP: unique symbol = Symbol('any number of any');

const STEP =
  /(?<dots>\.\.)|\.(?=[^.[])|\[\*\]|\[(?<index>\d{1,9})\]|\[(?:"(?<double>[^"\]]{1,200})"|'(?<single>[^'\]]{1,200})')\]|(?<name>[^.[\]*]{1,200})|\*/y;

function stepOf(token: string, groups: Partial<Record<string, string>>): Step[] {
  const { dots, index, double, single, name } = groups;
  if (token === '.') return [];
  if (dots !== undefined) return [DEEP];
  if (index !== undefined) return [Number(index)];
  return [double ?? single ?? name ?? ANY];
}

/**
 * Reads a simple JSONPath: names, `*`, `[*]`, indexes and `..`.
 *
 * @param refusal - Makes the error from the reason.
 */
export function parseJsonPath(path: string, refusal: (why: string) => Error): Step[] {
  if (!path.startsWith('$')) throw refusal('has to begin with json:$');
  const steps: Step[] = [];
  let at = 1;
  while (at < path.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    if (found === null)
      throw refusal(`cannot be read at ${JSON.stringify(path.slice(at, at + 20))}`);
    steps.push(...stepOf(found[0], found.groups ?? {}));
    at += found[0].length;
  }
  const last = steps.at(-1);
  if (last === undefined) throw refusal('names the whole body');
  if (last === DEEP || path.endsWith('.')) throw refusal('ends with a dot');
  return steps;
}

/** Whether a path is the one that steps lead to, or lies below it; in the product of their lengths. */
export function leadsTo(steps: readonly Step[], path: readonly (string | number)[]): boolean {
  let places = new Set([0]);
  for (const part of path) {
    const next = new Set<number>();
    for (const place of places) advance(steps, place, part, next);
    if (next.has(steps.length)) return true;
    places = next;
  }
  return false;
}

function advance(
  steps: readonly Step[],
  from: number,
  part: string | number,
  next: Set<number>,
): void {
  const isDeep = steps[from] === DEEP;
  if (isDeep) next.add(from);
  const place = isDeep ? from + 1 : from;
  const step = steps[place];
  if (step === ANY || (step !== DEEP && String(step) === String(part))) next.add(place + 1);
}
