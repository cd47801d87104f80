import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { DraftBody, FlatHeaders } from './draft.ts';
import type { StoredBody } from './redact-body.ts';
import type { Redactor } from './redact.ts';

const MOST_CLEAN = 4096;

function field(headers: FlatHeaders, name: string): string {
  const values: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const candidate = headers[at] ?? '';
    if (candidate.length === name.length && candidate.toLowerCase() === name) {
      values.push(headers[at + 1] ?? '');
    }
  }
  return values.join(', ');
}

/** Puts bodies into their table, each once, without their secrets. */
export class BodyStore {
  readonly #redactor: Redactor | null;
  readonly #insert: Database.Statement;
  /** Bodies seen lately in which nothing was found. */
  readonly #clean = new Set<string>();

  constructor(database: Database.Database, redactor: Redactor | null) {
    this.#redactor = redactor;
    // A longer copy of the same content replaces one that an earlier, lower limit had cut.
    this.#insert = database
      .prepare(
        `INSERT INTO body (hash, size, bytes, stored_size, omitted) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (hash) DO UPDATE
         SET stored_size =
               iif(length(excluded.bytes) > length(bytes), excluded.stored_size, stored_size),
             bytes = iif(length(excluded.bytes) > length(bytes), excluded.bytes, bytes)
         RETURNING id`,
      )
      .pluck();
  }

  /** The row of a body; null when nothing came, or nothing of it is known. */
  idOf(body: DraftBody, headers: FlatHeaders): number | null {
    if (body.dropped === true) return null;
    const bytes = body.pieces.length === 1 ? body.pieces[0] : Buffer.concat(body.pieces);
    if (bytes === undefined || (bytes.length === 0 && body.hash === null)) return null;
    const own = hash('sha256', bytes, 'buffer');
    const stored = this.#redacted(bytes, body.size, own, headers);
    const storedSize = stored.size === body.size ? null : stored.size;
    const key =
      stored.bytes === bytes && body.hash === null ? own : this.#key(own, body.hash, stored);
    return Number(this.#insert.get(key, body.size, stored.bytes, storedSize, stored.omitted));
  }

  #redacted(bytes: Uint8Array, size: number, own: Buffer, headers: FlatHeaders): StoredBody {
    const asItIs = { bytes, size, omitted: null };
    if (this.#redactor === null) return asItIs;
    const type = field(headers, 'content-type');
    const coding = field(headers, 'content-encoding');
    const seen = JSON.stringify([own.toString('base64'), size, type, coding]);
    if (this.#clean.has(seen)) return asItIs;
    const stored = this.#redactor.storedBody({ bytes, size, type, coding });
    if (stored.bytes === bytes) this.#noteClean(seen);
    return stored;
  }

  #noteClean(seen: string): void {
    if (this.#clean.size >= MOST_CLEAN) {
      const [oldest] = this.#clean;
      if (oldest !== undefined) this.#clean.delete(oldest);
    }
    this.#clean.add(seen);
  }

  /**
   * What a body is known by where it is not the hash of all that came: that may hold a secret, and
   * nobody must be able to try out what it was.
   */
  #key(own: Buffer, whole: Uint8Array | null, { bytes, size }: StoredBody): Uint8Array {
    if (this.#redactor === null) return whole ?? own;
    if (whole !== null) return this.#redactor.seal(whole);
    return bytes.length === size ? hash('sha256', bytes, 'buffer') : this.#redactor.seal(own);
  }
}
