import { MockError } from './errors.ts';
import { Catalogue } from './match.ts';
import { MatchingRules } from './matching.ts';
import type { MatchWishes, RouteRule } from './matching.ts';
import { isWebSocket } from './recording.ts';
import { SecretPlaces } from './secret-places.ts';
import type { Sources } from './sources.ts';

/** What matters of a mock's options. */
interface LibraryOptions extends Partial<MatchWishes> {
  readonly tapes: readonly string[];
  readonly rules?: readonly RouteRule[];
  readonly mayBeEmpty?: boolean;
}

/** What there is to play. */
export interface Library {
  readonly calls: Catalogue;
  readonly webSockets: Catalogue;
}

/** @throws MockError TAPE_EMPTY when there is nothing to play */
export function load(sources: Sources, options: LibraryOptions): Library {
  const { tapes, mayBeEmpty = false, match = [], ignore = [], lenient, rules = [] } = options;
  const matching = new MatchingRules({ match, ignore, lenient }, rules);
  const secrets = new SecretPlaces(sources.redactionRules());
  const calls = new Catalogue(secrets, matching);
  const webSockets = new Catalogue(secrets, matching);
  for (const recording of sources.recordings()) {
    (isWebSocket(recording) ? webSockets : calls).add(recording);
  }
  const count = calls.recordings.length + webSockets.recordings.length + sources.patterns;
  if (count > 0 || mayBeEmpty) return { calls, webSockets };
  throw new MockError(
    'TAPE_EMPTY',
    `Failed to start the mock: there is no recorded answer on ${tapes.join(', ') || 'no tape at all'}. Record calls first, with calltape record.`,
  );
}
