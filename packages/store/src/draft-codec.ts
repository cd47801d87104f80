import type { CallDraft, DraftBody, DraftInterim, DraftResponse, FlatHeaders } from './draft.ts';
import type { HttpVersion, Outcome } from './exchange.ts';
import type { SlabReader, SlabWriter } from './slab.ts';

const VERSIONS: readonly HttpVersion[] = ['1.0', '1.1', '2'];
const OUTCOMES: readonly Outcome[] = [
  'complete',
  'aborted',
  'truncated',
  'error',
  'interrupted',
  'pending',
];
const HASH_BYTES = 32;
const LENGTH_BYTES = 4;
const MOVED_PIECE_BYTES = 2 * LENGTH_BYTES;
/** All fields of fixed size, with room to spare. */
const FIXED_BYTES = 512;
/** UTF-8 needs at most three bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

function textRoom(text: string | null): number {
  return LENGTH_BYTES + (text === null ? 0 : text.length * BYTES_PER_UNIT);
}

function headersRoom(headers: FlatHeaders): number {
  let room = LENGTH_BYTES;
  for (const text of headers) room += textRoom(text);
  return room;
}

function bodyRoom(body: DraftBody): number {
  let room = HASH_BYTES;
  for (const piece of body.pieces) {
    room += body.movable === true ? MOVED_PIECE_BYTES : piece.length;
  }
  return room;
}

function responseRoom(response: DraftResponse): number {
  let room = textRoom(response.statusText) + headersRoom(response.headers);
  room += headersRoom(response.trailers) + bodyRoom(response.body) + response.chunks.length * 8;
  for (const interim of response.interim) {
    room += 16 + textRoom(interim.statusText) + headersRoom(interim.headers);
  }
  return room;
}

/** What goes to the writer besides what {@link packDraft} writes, bytes. */
export function movedLength({ body, response }: CallDraft): number {
  let moved = 0;
  for (const one of [body, response?.body]) {
    if (one?.movable === true) for (const piece of one.pieces) moved += piece.length;
  }
  return moved;
}

function copied(body: DraftBody): DraftBody {
  return body.movable === true ? { ...body, movable: false } : body;
}

/** The same call, for one that goes on: nothing of it is moved. */
export function keptWhole(draft: CallDraft): CallDraft {
  const { body, response } = draft;
  if (movedLength(draft) === 0) return draft;
  return {
    ...draft,
    body: copied(body),
    response: response === null ? null : { ...response, body: copied(response.body) },
  };
}

/** An upper bound of what {@link packDraft} writes for this draft, bytes. */
export function draftRoom(draft: CallDraft): number {
  let room = FIXED_BYTES + textRoom(draft.method) + textRoom(draft.url);
  room += textRoom(draft.template ?? null);
  room += headersRoom(draft.headers) + headersRoom(draft.trailers) + bodyRoom(draft.body);
  room += textRoom(draft.errorType) + textRoom(draft.errorMessage);
  room += textRoom(draft.peerAddress) + textRoom(draft.fault);
  return draft.response === null ? room : room + responseRoom(draft.response);
}

function packHeaders(slab: SlabWriter, headers: FlatHeaders): void {
  slab.count(headers.length);
  for (const text of headers) slab.text(text);
}

function unpackHeaders(slab: SlabReader): string[] {
  const headers: string[] = [];
  const length = slab.count();
  for (let n = 0; n < length; n += 1) headers.push(slab.text() ?? '');
  return headers;
}

function packBody(slab: SlabWriter, body: DraftBody): void {
  const { pieces, movable = false } = body;
  let kept = 0;
  if (!movable) for (const piece of pieces) kept += piece.length;
  slab.number(body.size);
  slab.count(movable ? pieces.length : 0);
  slab.count(kept);
  for (const piece of pieces) {
    if (movable) slab.move(piece);
    else slab.bytes(piece);
  }
  slab.byte(body.hash === null ? 0 : 1);
  if (body.hash !== null) slab.bytes(body.hash.subarray(0, HASH_BYTES));
  slab.byte(body.dropped === true ? 1 : 0);
  slab.count(body.spilled ?? 0);
}

function unpackBody(slab: SlabReader): DraftBody {
  const size = slab.number() ?? 0;
  const pieces: Buffer[] = [];
  const moved = slab.count();
  const kept = slab.count();
  for (let n = 0; n < moved; n += 1) pieces.push(slab.movedBytes());
  if (kept > 0) pieces.push(slab.bytes(kept));
  const hash = slab.byte() === 1 ? slab.bytes(HASH_BYTES) : null;
  const dropped = slab.byte() === 1;
  const spilled = slab.count();
  return { pieces, size, hash, dropped, spilled };
}

function packInterim(slab: SlabWriter, interim: DraftInterim): void {
  slab.count(interim.status);
  slab.text(interim.statusText);
  packHeaders(slab, interim.headers);
  slab.number(interim.atMs);
}

function unpackInterim(slab: SlabReader): DraftInterim {
  return {
    status: slab.count(),
    statusText: slab.text() ?? '',
    headers: unpackHeaders(slab),
    atMs: slab.number() ?? 0,
  };
}

function packResponse(slab: SlabWriter, response: DraftResponse): void {
  slab.count(response.status);
  slab.text(response.statusText);
  slab.byte(VERSIONS.indexOf(response.httpVersion));
  packHeaders(slab, response.headers);
  packBody(slab, response.body);
  packHeaders(slab, response.trailers);
  slab.count(response.interim.length);
  for (const interim of response.interim) packInterim(slab, interim);
  slab.count(response.chunks.length);
  for (const value of response.chunks) slab.number(value);
}

function unpackResponse(slab: SlabReader): DraftResponse {
  const head = {
    status: slab.count(),
    statusText: slab.text() ?? '',
    httpVersion: VERSIONS[slab.byte()] ?? '1.1',
    headers: unpackHeaders(slab),
    body: unpackBody(slab),
    trailers: unpackHeaders(slab),
  };
  const interim: DraftInterim[] = [];
  const interims = slab.count();
  for (let n = 0; n < interims; n += 1) interim.push(unpackInterim(slab));
  const chunks: number[] = [];
  const values = slab.count();
  for (let n = 0; n < values; n += 1) chunks.push(slab.number() ?? 0);
  return { ...head, interim, chunks };
}

/** Copies a draft into a slab; there must be {@link draftRoom} bytes of room. */
export function packDraft(slab: SlabWriter, draft: CallDraft): void {
  slab.number(draft.startedAt);
  slab.text(draft.method);
  slab.text(draft.url);
  slab.text(draft.template ?? null);
  slab.byte(VERSIONS.indexOf(draft.httpVersion));
  packHeaders(slab, draft.headers);
  packBody(slab, draft.body);
  packHeaders(slab, draft.trailers);
  slab.byte(OUTCOMES.indexOf(draft.outcome));
  slab.text(draft.errorType);
  slab.text(draft.errorMessage);
  const { timings } = draft;
  slab.number(timings.blocked);
  slab.number(timings.dns);
  slab.number(timings.connect);
  slab.number(timings.ssl);
  slab.number(timings.send);
  slab.number(timings.wait);
  slab.number(timings.receive);
  slab.number(draft.durationMs);
  slab.number(draft.ttfbMs);
  slab.text(draft.peerAddress);
  slab.text(draft.fault);
  slab.count(draft.retries);
  slab.byte(draft.response === null ? 0 : 1);
  if (draft.response !== null) packResponse(slab, draft.response);
}

/** Reads a draft that {@link packDraft} wrote; its body pieces are views into the slab. */
export function unpackDraft(slab: SlabReader): CallDraft {
  const [startedAt, method, url] = [slab.number() ?? 0, slab.text() ?? '', slab.text() ?? ''];
  const template = slab.text();
  return {
    startedAt,
    method,
    url,
    ...(template === null ? {} : { template }),
    httpVersion: VERSIONS[slab.byte()] ?? '1.1',
    headers: unpackHeaders(slab),
    body: unpackBody(slab),
    trailers: unpackHeaders(slab),
    outcome: OUTCOMES[slab.byte()] ?? 'error',
    errorType: slab.text(),
    errorMessage: slab.text(),
    timings: {
      blocked: slab.number(),
      dns: slab.number(),
      connect: slab.number(),
      ssl: slab.number(),
      send: slab.number(),
      wait: slab.number(),
      receive: slab.number(),
    },
    durationMs: slab.number(),
    ttfbMs: slab.number(),
    peerAddress: slab.text(),
    fault: slab.text(),
    retries: slab.count(),
    slot: -1,
    repeats: null,
    response: slab.byte() === 1 ? unpackResponse(slab) : null,
  };
}
