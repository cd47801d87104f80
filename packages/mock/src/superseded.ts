import { toFlat } from '@calltape/store';
import type { Call } from './call.ts';
import { Catalogue } from './match.ts';
import { MatchingRules } from './matching.ts';
import type { RouteRule } from './matching.ts';
import type { MatchChoice } from './match-choice.ts';
import type { Place } from './place.ts';
import { isWebSocket } from './recording.ts';
import type { Recording } from './recording.ts';
import { recordingsOf, redactionRulesOf } from './recordings-of.ts';
import { SecretPlaces } from './secret-places.ts';

/** What takes part when requests are compared; all that a mock compares by default. */
export interface SupersededMatching {
  readonly match?: readonly MatchChoice[];
  readonly ignore?: readonly Place[];
  readonly rules?: readonly RouteRule[];
}

/** The request of a recording, as if it came again. */
function again({ exchange, origin, target }: Recording): Call {
  const { method, headers, body, httpVersion } = exchange.request;
  const asked = { proxiedOrigin: origin, ownOrigin: null };
  return { ...asked, method, target, httpVersion, headers: toFlat(headers), body: body.bytes };
}

/**
 * The recordings on a tape that newer ones of the same requests stand in for, so that a mock would still
 * play the old ones first.
 *
 * @param afterId - What has a higher id is newer.
 * @param matching - What the same requests are, as a mock would be told it.
 * @returns their ids.
 */
export function superseded(
  tape: string,
  afterId: number,
  matching: SupersededMatching = {},
): number[] {
  const { match = [], ignore = [] } = matching;
  const secrets = new SecretPlaces(redactionRulesOf([tape]));
  const rules = new MatchingRules({ match, ignore }, matching.rules ?? []);
  const [calls, webSockets] = [new Catalogue(secrets, rules), new Catalogue(secrets, rules)];
  const ids = new Set<number>();
  for (const recording of recordingsOf(tape)) {
    const old = isWebSocket(recording) ? webSockets : calls;
    if (recording.id <= afterId) old.add(recording);
    else for (const { id } of old.find(again(recording))?.recordings ?? []) ids.add(id);
  }
  return [...ids];
}
