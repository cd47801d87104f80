import { hostMatch } from './host-pattern.ts';
import type { Origin } from './origin.ts';

/** Which encrypted calls are read, by host patterns such as `*.example.com`. */
export interface InterceptionPatterns {
  /** Only these; all when there are none. */
  readonly intercept?: readonly string[];
  /** Never these. */
  readonly tunnel?: readonly string[];
}

/** Whether calls are read; a place may have several names, its address say. */
export type Interception = (...names: readonly Origin[]) => boolean;

/** @throws ProxyError PATTERN_INVALID */
export function interceptionOf({
  intercept = [],
  tunnel = [],
}: InterceptionPatterns): Interception {
  const [isChosen, isLeftAlone] = [hostMatch(intercept), hostMatch(tunnel)];
  return (...names) => (intercept.length === 0 || names.some(isChosen)) && !names.some(isLeftAlone);
}
