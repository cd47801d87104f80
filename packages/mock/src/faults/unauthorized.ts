import type { FaultKind } from '../fault.ts';
import { leadingWaits } from '../plan-parts.ts';
import { plainKind } from './plain-kind.ts';
import { faultAnswer } from './status.ts';

/** RFC 6750 section 3.1: what a server says to a token that has expired. */
const CHALLENGE = 'Bearer realm="calltape", error="invalid_token"';

/** 401, as if the client's credentials had expired. */
export const unauthorized: FaultKind = plainKind('unauthorized', (plan, { rule }) => [
  ...leadingWaits(plan),
  ...faultAnswer(401, rule, ['www-authenticate', CHALLENGE]),
]);
