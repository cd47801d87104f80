import { Lessons, skippedOf } from '@calltape/drift';
import { endpointsOfTape, type EndpointRule, type TapeEndpoints } from '@calltape/store';
import type { LastCall } from './accepted-file.ts';
import { learnedCallOf } from './learned-call-of.ts';
import type { Side } from './side.ts';

/** What was learned of a side. */
export interface Learned {
  readonly lessons: Lessons;
  /** Calls of the side, learned from or not. */
  readonly calls: number;
  /** The newest of them. */
  readonly last: LastCall | null;
  /** What nothing was learned from, and how often. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** Endpoints that are found in the calls of all sides together, so that each groups alike. */
export function endpointsOfSides(
  sides: readonly Side[],
  rules: readonly EndpointRule[],
): TapeEndpoints {
  const tapes = new Map(sides.map((side) => [side.tape ?? side, side.glimpsed]));
  return endpointsOfTape([...tapes.values()], { rules });
}

/** Learns the calls of a side. Takes memory by what they say, not by how many they are. */
export function learnSide(side: Side, endpoints: TapeEndpoints): Learned {
  const lessons = new Lessons();
  let calls = 0;
  let faulted = 0;
  let partial = 0;
  let last: LastCall | null = null;
  for (const exchange of side.exchanges()) {
    if (exchange.outcome === 'pending') continue;
    calls += 1;
    last = { id: exchange.id, startedAt: exchange.startedAt };
    // What a fault made of an answer is not how the API is.
    if (exchange.fault !== null) faulted += 1;
    else {
      const call = learnedCallOf(exchange, endpoints.endpointOf(exchange));
      if (exchange.outcome === 'complete' && call.responseBody === null) partial += 1;
      lessons.add(call);
    }
  }
  const skipped = skippedOf(lessons);
  if (faulted > 0) skipped.set('call altered by a fault', faulted);
  if (partial > 0) skipped.set('body not kept whole', partial);
  return { lessons, calls, last, skipped };
}
