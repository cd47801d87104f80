import type { CallRow } from '@calltape/store';

let nextId = 1;

/** A complete call of `GET https://api.test/things`, with what the test cares about put in. */
export function call(parts: Partial<CallRow> = {}): CallRow {
  const id = parts.id ?? nextId++;
  return {
    id,
    recording: 'test',
    source: 'proxy',
    startedAt: 0,
    method: 'GET',
    url: 'https://api.test/things',
    host: 'api.test',
    origin: 'https://api.test',
    template: '/things',
    status: 200,
    statusText: 'OK',
    outcome: 'complete',
    errorType: null,
    durationMs: 10,
    ttfbMs: 5,
    requestBytes: 0,
    responseBytes: 2,
    fault: null,
    ...parts,
  };
}

export function pending(parts: Partial<CallRow> = {}): CallRow {
  return call({ outcome: 'pending', status: null, statusText: null, durationMs: null, ...parts });
}
