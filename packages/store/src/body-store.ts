import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { BodyPieces, KEPT_BYTES } from './body-pieces.ts';
import { ContentHashes } from './content-hash.ts';
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

type BodyRow = readonly [id: number | null, kept: number];

/** Puts bodies into their table, each once, without their secrets. */
export class BodyStore {
  readonly #redactor: Redactor | null;
  readonly #select: Database.Statement<[Uint8Array], [id: number, kept: number]>;
  readonly #insert: Database.Statement;
  readonly #replace: Database.Statement;
  readonly #pieces: BodyPieces;
  readonly #hashes = new ContentHashes();
  /** Bodies seen lately in which nothing was found. */
  readonly #clean = new Set<string>();
  /** Rows that the current transaction has found, by the remembered hash of what they hold. */
  readonly #rows = new Map<Uint8Array, BodyRow>();

  constructor(database: Database.Database, redactor: Redactor | null) {
    this.#redactor = redactor;
    this.#pieces = new BodyPieces(database);
    this.#select = database
      .prepare<[Uint8Array], [id: number, kept: number]>(
        `SELECT id, ${KEPT_BYTES} FROM body WHERE hash = ?`,
      )
      .raw();
    this.#insert = database
      .prepare(
        `INSERT INTO body (hash, size, bytes, stored_size, omitted) VALUES (?, ?, ?, ?, ?)
         RETURNING id`,
      )
      .pluck();
    this.#replace = database.prepare('UPDATE body SET bytes = ?, stored_size = ? WHERE id = ?');
  }

  /** The row of a body; null when nothing came, or nothing of it is known. */
  idOf(body: DraftBody, headers: FlatHeaders): number | null {
    if (body.dropped === true) return null;
    const bytes = body.pieces.length === 1 ? body.pieces[0] : Buffer.concat(body.pieces);
    if (bytes === undefined || (bytes.length === 0 && body.hash === null)) return null;
    const own = this.#hashes.of(bytes);
    const stored = this.#redacted(bytes, body.size, own, headers);
    const key =
      stored.bytes === bytes && body.hash === null ? own : this.#key(own, body.hash, stored);
    const [id, kept] = this.#row(key);
    // A body that is there already is not written again, not even as it was.
    if (id !== null && kept >= stored.bytes.length) return id;
    const row = this.#put(id, key, body.size, stored);
    this.#pieces.put(row, stored.bytes);
    if (id !== null) this.#rows.set(key, [id, stored.bytes.length]);
    return row;
  }

  /** To be called when a transaction begins or is rolled back: rows may have come and gone. */
  forget(): void {
    if (this.#rows.size > 0) this.#rows.clear();
  }

  #row(key: Uint8Array): BodyRow {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = this.#select.get(key);
    if (row !== undefined) this.#rows.set(key, row);
    return row ?? [null, 0];
  }

  /** Writes the row of a body with its first piece. */
  #put(id: number | null, key: Uint8Array, size: number, stored: StoredBody): number {
    const first = stored.bytes.subarray(0, this.#pieces.pieceLength(stored.bytes));
    const storedSize = stored.size === size ? null : stored.size;
    if (id === null) {
      return Number(this.#insert.get(key, size, first, storedSize, stored.omitted));
    }
    // A longer copy of the same content replaces one that an earlier, lower limit had cut.
    this.#replace.run(first, storedSize, id);
    this.#pieces.clear(id);
    return id;
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
