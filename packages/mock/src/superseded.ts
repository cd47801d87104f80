import { toFlat } from '@calltape/store';
import type { Call } from './call.ts';
import { Catalogue } from './match.ts';
import { MatchingRules } from './matching.ts';
import { recordingsOf, redactionRulesOf } from './recording.ts';
import type { Recording } from './recording.ts';
import { SecretPlaces } from './secret-places.ts';

/** Every part of a request counts. */
const ALL = new MatchingRules({ match: [], ignore: [] }, []);

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
 * @returns their ids.
 */
export function superseded(tape: string, afterId: number): number[] {
  const old = new Catalogue(new SecretPlaces(redactionRulesOf([tape])), ALL);
  const ids = new Set<number>();
  for (const recording of recordingsOf(tape)) {
    if (recording.exchange.id <= afterId) old.add(recording);
    else
      for (const { exchange } of old.find(again(recording))?.recordings ?? []) ids.add(exchange.id);
  }
  return [...ids];
}
