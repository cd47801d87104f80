import { hostOf } from './call.ts';
import type { Call } from './call.ts';
import type { Matching } from './matching.ts';

/**
 * The things of the hosts that may answer a call, best first. A client that takes the mock for a
 * forward proxy means the host that it names and no other. Any other client names the mock itself as
 * Host, or by hand the recorded host that it prefers.
 */
export function byHost<T extends { readonly host: string }>(
  things: readonly T[],
  call: Call,
  { parts }: Matching,
): readonly T[] {
  if (call.proxiedOrigin !== null && parts.has('host')) {
    const host = hostOf(call);
    return things.filter((thing) => thing.host === host);
  }
  if (things.length < 2) return things;
  const host = hostOf(call);
  const preferred = things.find((thing) => thing.host === host);
  if (preferred === undefined) return things;
  return [preferred, ...things.filter((thing) => thing !== preferred)];
}
