import type { Direction, Drift, DriftKind, DriftPlace, Severity } from './drift.ts';

/** One change, at one place or at many. */
export interface DriftGroup {
  readonly kind: DriftKind;
  readonly severity: Severity;
  readonly direction: Direction;
  /** The last step of the location: what the change is about. */
  readonly name: string;
  readonly was: string;
  readonly is: string;
  /** How many endpoints it is at. */
  readonly endpoints: number;
  readonly drifts: readonly Drift[];
}

const ORDER: Readonly<Record<Severity, number>> = { breaking: 0, warning: 1, info: 2 };

/** One change at many places as one, the worst and the commonest first. */
export function groupDrifts(drifts: readonly Drift[]): DriftGroup[] {
  return [...Map.groupBy(drifts, groupKey).values()]
    .map(groupOf)
    .toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity] || b.drifts.length - a.drifts.length);
}

function groupKey({ kind, severity, direction, location, is, ...place }: Drift): string {
  const name = nameOf(location);
  // A body or an endpoint as a whole has no name by which it could be the same as another.
  const own = name === '' ? endpointName(place) : '';
  const what = kind === 'type-changed' || kind === 'format-changed' ? is : '';
  return JSON.stringify([kind, severity, direction, name, what, own]);
}

function groupOf(drifts: readonly Drift[]): DriftGroup {
  const [first] = drifts;
  if (first === undefined) throw new RangeError('A group of drifts has at least one');
  const { kind, severity, direction, location, was, is } = first;
  return {
    kind,
    severity,
    direction,
    name: nameOf(location),
    was,
    is,
    endpoints: new Set(drifts.map(endpointName)).size,
    drifts,
  };
}

function endpointName({ endpoint }: Pick<DriftPlace, 'endpoint'>): string {
  return JSON.stringify([endpoint.method, endpoint.origin, endpoint.template]);
}

/** `city` of `/address/city`, `emails/*` of `/user/emails/*`. */
function nameOf(location: string): string {
  const [, name = location] = /\/([^/]+(?:\/\*)*)$/.exec(location) ?? [];
  return name;
}
