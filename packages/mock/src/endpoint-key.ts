import type { Recording } from './recording.ts';

/** What the requests of a recording's endpoint are counted under. */
export function endpointKey({ endpoint }: Recording): string {
  const { method, origin, template } = endpoint;
  return JSON.stringify([method, origin, template]);
}
