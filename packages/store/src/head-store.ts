import type Database from 'better-sqlite3';
import type { FlatHeaders } from './draft.ts';
import { LineRelease } from './line-release.ts';
import { MetOnce } from './met-once.ts';
import { SharedLines } from './shared-lines.ts';
import type { SharedLine } from './shared-lines.ts';

/** Of the lines that are on the tape already so many are looked at when a recording begins. */
const REMEMBERED = 2000;
/** A longer line is written out in every call. */
const MOST_LINE_LENGTH = 16 * 1024;

/** A head as it is on the tape. */
export interface Head {
  readonly cell: string;
  /** The lines that the cell refers to, as often as it does. */
  readonly lines: readonly SharedLine[];
  /** Of the ids that it refers to them by. */
  readonly numbering: number;
}

/**
 * Turns heads into cells. A line that a second call has gets a row of its own, and the cells that
 * follow refer to it; a line that never comes again stays where it is. Runs in the writer's thread,
 * inside its transactions, behind redaction.
 */
export class HeadStore {
  readonly #selectHighest: Database.Statement;
  readonly #isThere: Database.Statement;
  readonly #insert: Database.Statement;
  readonly #moreUses: Database.Statement;
  readonly #release: LineRelease;
  readonly #lines = new SharedLines();
  readonly #met = new MetOnce();
  #used: SharedLine[] = [];
  #highestId = 0;
  #transaction = 0;
  /** Changes whenever a line gets another id than it had. */
  #numbering = 0;

  constructor(database: Database.Database) {
    this.#selectHighest = database
      .prepare(
        `SELECT max(coalesce((SELECT max(id) FROM header_line), 0), header_line_id)
         FROM high_water`,
      )
      .pluck();
    this.#isThere = database.prepare('SELECT 1 FROM header_line WHERE id = ?').pluck();
    this.#insert = database.prepare(
      'INSERT INTO header_line (id, name, value, uses) VALUES (?, ?, ?, ?)',
    );
    this.#moreUses = database.prepare('UPDATE header_line SET uses = uses + ? WHERE id = ?');
    this.#release = new LineRelease(database);
    this.#remember(database);
  }

  /** To be called when a transaction has begun: others have added and deleted lines since the last. */
  begin(): void {
    this.#highestId = Number(this.#selectHighest.get());
    this.#transaction += 1;
  }

  /** @param call - The row that the cell is for; lines that come twice in it count once. */
  head(headers: FlatHeaders, call: number): Head {
    const lines: SharedLine[] = [];
    let items = '';
    for (let at = 0; at + 1 < headers.length; at += 2) {
      if (at > 0) items += ',';
      items += this.#item(headers[at] ?? '', headers[at + 1] ?? '', call, lines);
    }
    return { cell: `[${items}]`, lines, numbering: this.#numbering };
  }

  /** Whether the cell of an earlier transaction may be written again. */
  isGood(head: Head): boolean {
    for (const line of head.lines) {
      if (line.transaction !== this.#transaction) this.#ensureRow(line);
    }
    return head.numbering === this.#numbering;
  }

  /** Notes that one more call has a head that {@link isGood}. */
  again({ lines }: Head): void {
    for (const line of lines) this.#use(line);
  }

  /** Notes the lines of a cell that is replaced. */
  replaced(cell: unknown): void {
    this.#release.note(cell);
  }

  /** Puts on the tape what the cells made so far refer to; to be called before they are committed. */
  settle(): void {
    for (const line of this.#used) {
      if (line.isNew) this.#insert.run(line.id, line.name, line.value, line.uses);
      else this.#moreUses.run(line.uses, line.id);
      line.uses = 0;
      line.isNew = false;
    }
    this.#used = [];
    this.#release.settle();
  }

  /** To be called when a transaction was rolled back. */
  forget(): void {
    this.#used = [];
    this.#lines.clear();
    this.#release.forget();
  }

  #item(name: string, value: string, call: number, lines: SharedLine[]): string {
    const line = this.#lines.get(name, value) ?? this.#share(name, value, call);
    if (line === null) return `[${JSON.stringify(name)},${JSON.stringify(value)}]`;
    if (line.transaction !== this.#transaction) this.#ensureRow(line);
    this.#use(line);
    lines.push(line);
    return String(line.id);
  }

  #use(line: SharedLine): void {
    if (line.uses === 0) this.#used.push(line);
    line.uses += 1;
  }

  /** A line for a row of its own; null when no other call had it lately. */
  #share(name: string, value: string, call: number): SharedLine | null {
    if (name.length + value.length > MOST_LINE_LENGTH) return null;
    if (!this.#met.byAnother(name, value, call)) return null;
    const line = { name, value, id: 0, uses: 0, isNew: false, transaction: 0 };
    this.#lines.add(line);
    return line;
  }

  /** The row of a line goes with the last call that had it, in whatever program. */
  #ensureRow(line: SharedLine): void {
    line.transaction = this.#transaction;
    if (line.id !== 0) {
      if (this.#isThere.get(line.id) !== undefined) return;
      this.#numbering += 1;
    }
    this.#highestId += 1;
    line.id = this.#highestId;
    line.isNew = true;
  }

  #remember(database: Database.Database): void {
    const rows = database
      .prepare<[], { id: number; name: string; value: string }>(
        `SELECT id, name, value FROM header_line ORDER BY id DESC LIMIT ${REMEMBERED}`,
      )
      .all();
    for (const row of rows.toReversed()) {
      this.#lines.add({ ...row, uses: 0, isNew: false, transaction: 0 });
    }
  }
}
