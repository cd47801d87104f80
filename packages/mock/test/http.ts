import { request } from 'node:http';
import type { IncomingHttpHeaders, RequestOptions } from 'node:http';
import type { Mock } from '@calltape/mock';

/** An answer as node:http's client gives it. */
export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly trailers: readonly string[];
  readonly interim: readonly number[];
}

/** Sends a request with node:http; rejects with the error of the request or of the response. */
export async function send(
  mock: Pick<Mock, 'url'>,
  path: string,
  options: RequestOptions = {},
  body?: string | Uint8Array,
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const interim: number[] = [];
  const outgoing = request(mock.url, { path, agent: false, ...options }, (incoming) => {
    const pieces: Buffer[] = [];
    incoming.on('error', reject);
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      resolve({
        status: incoming.statusCode ?? 0,
        statusText: incoming.statusMessage ?? '',
        headers: incoming.headers,
        rawHeaders: incoming.rawHeaders,
        body: Buffer.concat(pieces),
        trailers: incoming.rawTrailers,
        interim,
      });
    });
  });
  outgoing.on('information', ({ statusCode }) => interim.push(statusCode));
  outgoing.on('error', reject);
  outgoing.end(body);
  return await promise;
}
