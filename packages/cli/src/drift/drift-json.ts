import type { Drift, Lessons } from '@calltape/drift';
import { isoTime } from '../units.ts';
import type { Compared } from './compared.ts';

interface EndpointCount {
  readonly method: string;
  readonly origin: string;
  readonly path_template: string;
  calls: number;
}

/** What is printed with `--json`: all endpoints of both sides, and what changed, the worst first. */
export function driftJson([before, after]: Compared['learned'], drifts: readonly Drift[]): unknown {
  return {
    endpoints: endpointCounts([before.lessons, after.lessons]),
    drifts: drifts.map(findingJson),
    skipped: {
      before: Object.fromEntries(before.skipped),
      after: Object.fromEntries(after.skipped),
    },
  };
}

function endpointCounts(sides: readonly Lessons[]): readonly EndpointCount[] {
  const counts = new Map<string, EndpointCount>();
  for (const { endpoint, calls, leftOut } of sides.flatMap((lessons) => lessons.endpoints())) {
    const { method, origin, template } = endpoint;
    const key = JSON.stringify([origin, template, method]);
    const known = counts.get(key) ?? { method, origin, path_template: template, calls: 0 };
    known.calls += calls.count + leftOut;
    counts.set(key, known);
  }
  return [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}

/** One finding as programs read it. */
export function findingJson(drift: Drift): unknown {
  const { endpoint, location, kind, severity, status, before, after } = drift;
  return {
    method: endpoint.method,
    path_template: endpoint.template,
    location,
    kind,
    severity,
    status,
    before: { k: before.count, n: before.of },
    after: { m: after.count, n: after.of },
    chance: drift.chance,
    first_seen: drift.firstSeen,
    examples: [
      ...drift.examplesBefore.map(({ id, at }) => ({ side: 'before', id, at: isoTime(at) })),
      ...drift.examplesAfter.map(({ id, at }) => ({ side: 'after', id, at: isoTime(at) })),
    ],
    origin: endpoint.origin,
    direction: drift.direction,
    was: drift.was,
    is: drift.is,
    chance_phrase: drift.chancePhrase,
  };
}
