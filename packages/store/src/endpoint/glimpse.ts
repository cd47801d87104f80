import type Database from 'better-sqlite3';
import { bodyBytes } from '../body-pieces.ts';
import { decodeBody } from '../decode.ts';
import { bodyText } from '../decode-text.ts';
import type { HeadReader } from '../head-reader.ts';

const CALLS_A_PAGE = 5000;

/** As much of a call as its endpoint depends on; bodies only on demand. */
export interface Glimpse {
  readonly id: number;
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly status: number | null;
  /** The endpoint that is on the tape. */
  readonly origin: string;
  readonly template: string;
  /** The number of each body on the tape; the same for the same content. */
  readonly requestBody: number | null;
  readonly responseBody: number | null;
}

interface BodyRow {
  readonly bytes: Buffer;
  readonly headers: string;
}

/** Reads calls a page at a time, and the text of those bodies that are asked for. */
export class Glimpses {
  readonly #database: Database.Database;
  readonly #heads: HeadReader;
  readonly #page: Database.Statement<[number, number, number], Glimpse>;
  readonly #bodies: Readonly<Record<'request' | 'response', Database.Statement<[number], BodyRow>>>;

  constructor(database: Database.Database, heads: HeadReader) {
    this.#database = database;
    this.#heads = heads;
    this.#page = database.prepare(
      `SELECT x.id AS id, e.method AS method, x.url AS url, x.status AS status, e.origin AS origin,
         e.template AS template, x.request_body_id AS requestBody, x.response_body_id AS responseBody
       FROM exchange AS x JOIN endpoint AS e ON e.id = x.endpoint_id
       WHERE x.id > ? AND x.id <= ? ORDER BY x.id LIMIT ?`,
    );
    const body = (side: 'request' | 'response'): Database.Statement<[number], BodyRow> =>
      database.prepare(
        `SELECT ${bodyBytes(`x.${side}_body_id`)} AS bytes, x.${side}_headers AS headers
         FROM exchange AS x WHERE x.id = ? AND x.${side}_body_id IS NOT NULL
           AND x.${side}_headers IS NOT NULL`,
      );
    this.#bodies = { request: body('request'), response: body('response') };
  }

  /** By id, up to the newest call there is now. */
  *all(): IterableIterator<Glimpse> {
    const newest = this.#database.prepare('SELECT max(id) FROM exchange').pluck().get();
    let after = 0;
    for (;;) {
      const page = this.#page.all(after, Number(newest ?? 0), CALLS_A_PAGE);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  }

  /** The text of a body, decoded, as far as it is kept; null when there is none. */
  text(id: number, side: 'request' | 'response'): string | null {
    const read = this.#database.transaction(() => {
      const row = this.#bodies[side].get(id);
      return row === undefined ? null : { ...row, headers: this.#heads.read(row.headers) };
    });
    const found = read();
    if (found === null) return null;
    const { bytes, headers } = found;
    return bodyText(decodeBody({ bytes, size: bytes.length }, headers), headers);
  }
}
