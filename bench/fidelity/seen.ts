// The whole module: what intercepts replaces its members.
import http from 'node:http';

/** What a client saw of an answer. */
export interface Seen {
  readonly statusText: string;
  /** Flat, as the client gives them. */
  readonly headers: readonly string[];
  readonly trailers: readonly string[];
  readonly interim: readonly number[];
  /** The content in hexadecimal, and when each piece came, milliseconds since the request. */
  readonly pieces: readonly { readonly atMs: number; readonly hex: string }[];
}

/** What came of a request: an answer, or the word for why there was none. */
export type Outcome = Seen | string;

/** How long an answer may take. The slowest of the upstream's takes 380 ms. */
const PATIENCE_MS = 3_000;

/** Asks with node:http. */
export async function ask(url: string): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const started = performance.now();
  const interim: number[] = [];
  const pieces: { atMs: number; hex: string }[] = [];
  const outgoing = http.get(url, { agent: new http.Agent() }, (incoming) => {
    incoming.on('data', (piece: Buffer) => {
      pieces.push({ atMs: performance.now() - started, hex: piece.toString('hex') });
    });
    incoming.on('error', (error) => resolve(`fails: ${error.message}`));
    incoming.on('end', () => {
      const { statusMessage = '', rawHeaders, rawTrailers } = incoming;
      resolve({
        statusText: statusMessage,
        headers: rawHeaders,
        trailers: rawTrailers,
        interim,
        pieces,
      });
    });
  });
  outgoing.on('information', ({ statusCode }) => interim.push(statusCode));
  outgoing.on('error', (error) => resolve(`fails: ${error.message}`));
  const timer = setTimeout(() => resolve('hangs'), PATIENCE_MS);
  const outcome = await promise;
  clearTimeout(timer);
  if (outcome === 'hangs') outgoing.destroy();
  return outcome;
}

export async function askAll(
  url: string,
  paths: readonly string[],
): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const path of paths) outcomes[path] = await ask(url + path);
  return outcomes;
}
