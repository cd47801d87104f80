import type { Exchange, RecordedRequest, RecordedResponse } from '@calltape/store';

export interface ExchangeParts extends Partial<Omit<Exchange, 'request' | 'response'>> {
  readonly request?: Partial<RecordedRequest>;
  readonly response?: Partial<RecordedResponse> | null;
}

const NO_BODY = { bytes: new Uint8Array(0), size: 0 };

/** A whole call to `url`, but for what `parts` say. */
export function anExchange(url: string, parts: ExchangeParts = {}): Exchange {
  const { request, response, ...rest } = parts;
  const method = request?.method ?? 'GET';
  return {
    id: 1,
    recording: 'one',
    source: 'proxy',
    startedAt: Date.UTC(2026, 10, 24),
    endpoint: { method, origin: new URL(url).origin, template: new URL(url).pathname },
    request: {
      method,
      url,
      httpVersion: '1.1',
      headers: [],
      body: NO_BODY,
      trailers: [],
      ...request,
    },
    response:
      response === null
        ? null
        : {
            status: 200,
            statusText: 'OK',
            httpVersion: '1.1',
            headers: [],
            body: NO_BODY,
            trailers: [],
            interim: [],
            chunks: [],
            ...response,
          },
    outcome: response === null ? 'error' : 'complete',
    error: null,
    timings: {
      blocked: null,
      dns: null,
      connect: null,
      ssl: null,
      send: null,
      wait: null,
      receive: null,
    },
    durationMs: 5,
    ttfbMs: 4,
    peerAddress: null,
    fault: null,
    retries: 0,
    ...rest,
  };
}

/** A body as it was received, whole. */
export function bodyOf(content: string | Uint8Array): { bytes: Uint8Array; size: number } {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { bytes, size: bytes.length };
}
