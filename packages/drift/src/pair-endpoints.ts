import type { EndpointLessons } from './endpoint-lessons.ts';

export interface EndpointPairs {
  readonly pairs: readonly (readonly [EndpointLessons, EndpointLessons])[];
  /** Those of the later calls without an earlier counterpart. */
  readonly added: readonly EndpointLessons[];
}

type Lessons = readonly EndpointLessons[];

/**
 * Endpoints of the same name before and after. The same API at another host or port is still the same:
 * an endpoint whose origin was never called before is paired by method and template, if that leaves
 * one candidate.
 */
export function pairEndpoints(before: Lessons, after: Lessons): EndpointPairs {
  const exact = new Map(before.map((lessons) => [keyOf(lessons, true), lessons]));
  const known = new Set(before.map(({ endpoint }) => endpoint.origin));
  const alive = new Set(after.map(({ endpoint }) => endpoint.origin));
  const moved = grouped(before.filter(({ endpoint }) => !alive.has(endpoint.origin)));
  const arrived = grouped(after.filter(({ endpoint }) => !known.has(endpoint.origin)));
  const pairs: [EndpointLessons, EndpointLessons][] = [];
  const added: EndpointLessons[] = [];
  for (const is of after) {
    const was = exact.get(keyOf(is, true)) ?? counterpart(is, moved, arrived);
    if (was === undefined) added.push(is);
    else pairs.push([was, is]);
  }
  return { pairs, added };
}

function keyOf({ endpoint }: EndpointLessons, withOrigin: boolean): string {
  const { method, origin, template } = endpoint;
  return JSON.stringify(withOrigin ? [method, origin, template] : [method, template]);
}

function grouped(lessons: Lessons): Map<string, EndpointLessons[]> {
  return Map.groupBy(lessons, (one) => keyOf(one, false));
}

function counterpart(
  lessons: EndpointLessons,
  moved: ReadonlyMap<string, Lessons>,
  arrived: ReadonlyMap<string, Lessons>,
): EndpointLessons | undefined {
  const key = keyOf(lessons, false);
  if (arrived.get(key)?.length !== 1 || arrived.get(key)?.[0] !== lessons) return undefined;
  const candidates = moved.get(key) ?? [];
  return candidates.length === 1 ? candidates[0] : undefined;
}
