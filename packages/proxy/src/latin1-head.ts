import type { ClientRequest } from 'node:http';

function isQueued(entry: unknown): entry is { encoding: unknown } {
  return typeof entry === 'object' && entry !== null && 'encoding' in entry;
}

/**
 * node:http queues the head of a request that has an `Expect` field at once and as UTF-8, which
 * would turn each obs-text byte into two. It has no public way to say otherwise.
 */
export function sendHeadAsLatin1(request: ClientRequest): void {
  const queue: unknown = Reflect.get(request, 'outputData');
  if (!Array.isArray(queue)) return;
  for (const entry of queue) if (isQueued(entry)) entry.encoding = 'latin1';
}
