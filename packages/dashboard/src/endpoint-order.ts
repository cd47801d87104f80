import type { EndpointFigures } from '@calltape/health';
import type { Endpoint } from '@calltape/store';

export type EndpointSort = 'calls' | 'errors' | 'p95';

export const SORTS: readonly EndpointSort[] = ['calls', 'errors', 'p95'];

/** What tells one endpoint from all others. */
export function endpointKey({ method, origin, template }: Endpoint): string {
  return JSON.stringify([method, origin, template]);
}

const WEIGHTS: Readonly<Record<EndpointSort, (one: EndpointFigures) => number>> = {
  calls: ({ calls }) => calls,
  errors: ({ errors, errorShare }) => errors + (errorShare ?? 0),
  p95: ({ latency }) => latency.p95.ms ?? -1,
};

/** Largest first; what is equal keeps its order. */
export function sortEndpoints(
  endpoints: readonly EndpointFigures[],
  sort: EndpointSort,
): EndpointFigures[] {
  const weight = WEIGHTS[sort];
  return endpoints.toSorted((one, other) => weight(other) - weight(one));
}

/** New figures in the old order, with endpoints that were not there before at the end. */
export function keepOrder(
  endpoints: readonly EndpointFigures[],
  order: readonly string[],
): EndpointFigures[] {
  const places = new Map(order.map((key, place) => [key, place]));
  const placeOf = (one: EndpointFigures): number =>
    places.get(endpointKey(one.endpoint)) ?? order.length;
  return endpoints.toSorted((one, other) => placeOf(one) - placeOf(other));
}
