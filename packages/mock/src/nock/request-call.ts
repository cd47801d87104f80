import nock from 'nock';
import type { FlatHeaders } from '@calltape/store';
import type { Call } from '../call.ts';

// nock takes these codings off the content and leaves the field.
const TAKEN_OFF: ReadonlySet<string> = new Set(['gzip', 'deflate', 'br']);
const NO_BYTES = new Uint8Array(0);

async function contentOf(request: Request): Promise<Uint8Array> {
  if (request.method !== 'GET') return new Uint8Array(await request.arrayBuffer());
  // A Request cannot have content with GET, so nock keeps it elsewhere; it throws where there is none.
  let pieces: AsyncIterable<unknown>;
  try {
    pieces = nock.getGetRequestBody(request);
  } catch {
    return NO_BYTES;
  }
  const content: Uint8Array[] = [];
  for await (const piece of pieces) if (piece instanceof Uint8Array) content.push(piece);
  return Buffer.concat(content);
}

function fieldsOf(request: Request): FlatHeaders {
  const coding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  return [...request.headers].flatMap(([name, value]) =>
    name === 'content-encoding' && TAKEN_OFF.has(coding) ? [] : [name, value],
  );
}

/**
 * What nock tells of a request. Its field names are in lower case and sorted, its path is spelt as
 * `URL` spells it.
 */
export async function callOfRequest(request: Request): Promise<Call> {
  const { origin, pathname, search } = new URL(request.url);
  return {
    method: request.method,
    target: pathname + search,
    httpVersion: '1.1',
    proxiedOrigin: origin,
    ownOrigin: null,
    headers: fieldsOf(request),
    body: await contentOf(request),
  };
}
