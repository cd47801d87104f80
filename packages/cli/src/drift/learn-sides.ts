import { Lessons } from '@calltape/drift';
import { endpointsOfTape, type EndpointRule, type TapeEndpoints } from '@calltape/store';
import { learnedCallOf } from './learned-call-of.ts';
import type { Side } from './side.ts';

/** What was learned of a side. */
export interface Learned {
  readonly lessons: Lessons;
  /** Calls of the side, learned from or not. */
  readonly calls: number;
  /** Calls whose answers a fault of the mock or the recorder altered. */
  readonly faulted: number;
}

/** Learns sides by endpoints that are found in the calls of all of them, so that each groups alike. */
export function learnSides(
  sides: readonly Side[],
  rules: readonly EndpointRule[],
): readonly Learned[] {
  const tapes = [...new Map(sides.map((side) => [side.tape ?? side, side.glimpsed])).values()];
  const endpoints = endpointsOfTape(tapes, { rules });
  return sides.map((side) => learnSide(side, endpoints));
}

function learnSide(side: Side, endpoints: TapeEndpoints): Learned {
  const lessons = new Lessons();
  let calls = 0;
  let faulted = 0;
  for (const exchange of side.exchanges()) {
    if (exchange.outcome === 'pending') continue;
    calls += 1;
    if (exchange.fault !== null) faulted += 1;
    else lessons.add(learnedCallOf(exchange, endpoints.endpointOf(exchange)));
  }
  return { lessons, calls, faulted };
}
