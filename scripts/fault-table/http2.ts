import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { Agent, request } from 'undici';
import type { Client } from './clients.ts';
import { codeOf, LIMIT_MS, type Got } from './outcome.ts';

const RESET_CODES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants)
    .filter(([name]) => name.startsWith('NGHTTP2_') && /NO_ERROR|_ERROR$|CANCEL/.test(name))
    .map(([name, code]) => [Number(code), name.slice('NGHTTP2_'.length)]),
);

/** What came on a stream, in words, and what the client of the stream made of it. */
export interface StreamSeen {
  readonly frames: string;
  readonly got: Omit<Got, 'elapsedMs'>;
}

interface Ending {
  readonly error: string | null;
  readonly words: string;
}

function framesOf(status: number | null, size: number, { words }: Ending): string {
  if (status === null) return `nothing, ${words}`;
  return `HEADERS (${status})${size === 0 ? '' : `, ${size} bytes`}, ${words}`;
}

/** Asks on a stream of a session that others share. */
export async function onStream(session: ClientHttp2Session, path: string): Promise<StreamSeen> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const stream = session.request({ ':path': path }).setEncoding('utf8');
  let [status, content]: [number | null, string] = [null, ''];
  const limit = setTimeout(() => {
    resolve({ error: 'TimeoutError', words: 'silence' });
    stream.close(constants.NGHTTP2_CANCEL);
  }, LIMIT_MS);
  stream.on('response', (fields) => {
    status = fields[':status'] ?? 0;
  });
  stream.on('data', (piece: string) => {
    content += piece;
  });
  stream.on('end', () => {
    if (stream.rstCode === 0) resolve({ error: null, words: 'END_STREAM' });
  });
  stream.on('error', (error) => {
    const code = RESET_CODES.get(stream.rstCode ?? -1) ?? String(stream.rstCode);
    resolve({ error: codeOf(error), words: `RST_STREAM (${code})` });
  });
  const ending = await promise;
  clearTimeout(limit);
  return {
    frames: framesOf(status, content.length, ending),
    got: { status, content, error: ending.error },
  };
}

export async function openSession(url: string, ca: string): Promise<ClientHttp2Session> {
  const session = connect(url, { ca });
  await once(session, 'connect');
  return session;
}

/** undici, which speaks HTTP/2 where it may. */
export function viaUndici(dispatcher: Agent): Client {
  return async (url) => {
    let status: number | null = null;
    try {
      const { statusCode, body } = await request(url, { dispatcher });
      status = statusCode;
      return { status, content: await body.text(), error: null };
    } catch (error) {
      return { status, content: '', error: codeOf(error) };
    }
  };
}

export function undiciAgent(ca: string): Agent {
  const limits = { headersTimeout: LIMIT_MS, bodyTimeout: LIMIT_MS };
  return new Agent({ ...limits, allowH2: true, connect: { ca } });
}
