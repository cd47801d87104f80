import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** A request, as little of it as a test cares about. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** What a client came to know of an answer, or the code of the error that it got. */
export interface Seen {
  readonly status: number;
  /** Flat, in order and letter case where the client shows these. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly failed: string | null;
}

export type Client = (url: string, asked?: Asked) => Promise<Seen>;

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return codeOf(error.cause);
  return 'code' in error ? String(error.code) : error.name;
}

const NOTHING = { status: 0, headers: [], body: '' };

async function byFetch(url: string, { method, headers, body }: Asked = {}): Promise<Seen> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    });
    const head = { status: response.status, headers: [...response.headers].flat() };
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of response.body ?? []) pieces.push(piece);
    } catch (error) {
      return { ...head, body: Buffer.concat(pieces).toString('latin1'), failed: codeOf(error) };
    }
    return { ...head, body: Buffer.concat(pieces).toString('latin1'), failed: null };
  } catch (error) {
    return { ...NOTHING, failed: codeOf(error) };
  }
}

async function byHttp(url: string, { method, headers, body }: Asked = {}): Promise<Seen> {
  const { promise, resolve } = Promise.withResolvers<Seen>();
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const options = { method: method ?? 'GET', headers: headers ?? {}, agent: false as const };
  const outgoing = send(url, options, (incoming) => {
    const pieces: Buffer[] = [];
    const seen = (failed: string | null): Seen => ({
      status: incoming.statusCode ?? 0,
      headers: incoming.rawHeaders,
      body: Buffer.concat(pieces).toString('latin1'),
      failed,
    });
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => resolve(seen(null)));
    incoming.on('error', (error) => resolve(seen(codeOf(error))));
  });
  outgoing.on('error', (error) => resolve({ ...NOTHING, failed: codeOf(error) }));
  outgoing.end(body);
  return await promise;
}

export const CLIENTS: Readonly<Record<string, Client>> = { fetch: byFetch, 'http.request': byHttp };
