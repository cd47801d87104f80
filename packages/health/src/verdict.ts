import type { CallRow, Outcome } from '@calltape/store';

/**
 * What a call means for the health of an endpoint. `error`: the server failed (5xx), or there is no
 * whole answer (`error`, `truncated`, `interrupted`). `clientError`: 4xx other than 429.
 * `rateLimited`: 429. `aborted`: the client left first. `pending`: still under way.
 */
export type Verdict = 'ok' | 'clientError' | 'rateLimited' | 'error' | 'aborted' | 'pending';

/**
 * Where a call's figures belong. `injected`: a fault rule altered the answer; kept apart so that a
 * fault of one's own never reads as a fault of the API. `mock`: answered from a tape. `live`: the
 * rest, recorded or imported.
 */
export type Slice = 'live' | 'mock' | 'injected';

export const SLICES: readonly Slice[] = ['live', 'mock', 'injected'];

const TOO_MANY_REQUESTS = 429;

function verdictOfStatus(status: number): Verdict {
  if (status >= 500) return 'error';
  if (status === TOO_MANY_REQUESTS) return 'rateLimited';
  return status >= 400 ? 'clientError' : 'ok';
}

/** Calls without a whole answer are judged by how they ended, the others by their status. */
const BY_OUTCOME: Readonly<Record<Outcome, Verdict | null>> = {
  complete: null,
  aborted: 'aborted',
  truncated: 'error',
  error: 'error',
  interrupted: 'error',
  pending: 'pending',
};

/** Judges one call (RFC 9110 section 15). A client that left did not spoil a 5xx that came. */
export function verdictOf(call: Pick<CallRow, 'outcome' | 'status'>): Verdict {
  const byStatus = verdictOfStatus(call.status ?? 0);
  if (call.outcome === 'aborted' && byStatus === 'error') return 'error';
  return BY_OUTCOME[call.outcome] ?? byStatus;
}

/** The slice that a call's figures belong to. */
export function sliceOf(call: Pick<CallRow, 'source' | 'fault'>): Slice {
  if (call.fault !== null) return 'injected';
  return call.source === 'mock' ? 'mock' : 'live';
}
