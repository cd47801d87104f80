import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { KEY } from './redact-keys.ts';

const KEYS = new RegExp(KEY, 'g');

/**
 * What a tape notes of a placeholder, so that a search for secrets can tell it from one: the first 64
 * bits of its SHA-256. It tells nothing new, as the placeholder itself is on the tape.
 */
export function placeholderDigest(placeholder: string): bigint {
  return hash('sha256', placeholder, 'buffer').readBigInt64BE(0);
}

/** A placeholder, and what in it looks like a secret by itself. */
function lookalikes(placeholder: string): string[] {
  return [placeholder, ...Array.from(placeholder.matchAll(KEYS), ([match]) => match)];
}

/** Notes on the tape which placeholders were given out, in the transactions that write the calls. */
export class PlaceholderLedger {
  readonly #insert: Database.Statement;
  readonly #issued = new Set<bigint>();

  constructor(database: Database.Database) {
    this.#insert = database.prepare(
      'INSERT INTO placeholder (digest) VALUES (?) ON CONFLICT DO NOTHING',
    );
  }

  note(placeholder: string): void {
    for (const text of lookalikes(placeholder)) this.#issued.add(placeholderDigest(text));
  }

  /** To be called before a transaction is committed. */
  write(): void {
    for (const digest of this.#issued) this.#insert.run(digest);
  }

  /** To be called after a transaction was committed; what one that failed wrote is written again. */
  written(): void {
    this.#issued.clear();
  }
}
