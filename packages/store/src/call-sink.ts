import type Database from 'better-sqlite3';
import { droppedOf } from './bodiless.ts';
import { CallParts } from './call-parts.ts';
import type { AnswerPart, RequestPart } from './call-parts.ts';
import type { CallDraft, DraftInterim, FlatHeaders, Repeats } from './draft.ts';
import { HeadStore } from './head-store.ts';
import { RARE_COLUMNS, USUAL_COLUMNS } from './exchange-columns.ts';
import type { StoredHead } from './keep-rule.ts';
import { headsOf } from './line-release.ts';
import type { Redactor } from './redact.ts';
import type { CallTimes } from './repeat-codec.ts';
import { Undisturbed } from './undisturbed.ts';

// An id is never given twice, also when the newest calls were deleted: followers read on from ids.
const HIGHEST_ID = `SELECT max(coalesce((SELECT max(id) FROM exchange), 0), exchange_id)
  FROM high_water`;

/** Notes that a call which was on the tape already has changed. */
export const AMEND = `INSERT INTO amendment (seq, exchange_id) VALUES (
  (SELECT max(coalesce((SELECT max(seq) FROM amendment), 0), amendment_seq) + 1 FROM high_water), ?)`;

type Value = string | number | bigint | Uint8Array | null;

function listOrNull(items: readonly unknown[]): string | null {
  return items.length === 0 ? null : JSON.stringify(items);
}

function answerValues(part: AnswerPart | null): Value[] {
  if (part === null) return [null, null, null, null, null, null];
  const { status, statusText, httpVersion, head, bodyId, size } = part;
  return [status, statusText, httpVersion, head.cell, bodyId, size];
}

function insertInto(database: Database.Database, columns: readonly string[]): Database.Statement {
  const marks = columns.map(() => '?').join(', ');
  return database.prepare(`INSERT INTO exchange (id, ${columns.join(', ')}) VALUES (?, ${marks})`);
}

/** Puts finished calls into the tables. Runs in the writer's thread, inside its transactions. */
export class CallSink {
  readonly #recordingId: number;
  readonly #insert: Database.Statement;
  readonly #insertUsual: Database.Statement;
  readonly #selectHighest: Database.Statement;
  readonly #update: Database.Statement;
  readonly #amend: Database.Statement;
  readonly #interrupt: Database.Statement;
  readonly #selectHeads: Database.Statement<[number], readonly unknown[]>;
  readonly #heads: HeadStore;
  readonly #parts: CallParts;
  readonly #undisturbed: Undisturbed;
  #highestId = 0;

  constructor(database: Database.Database, recordingId: number, redactor: Redactor | null) {
    this.#recordingId = recordingId;
    const columns = [...USUAL_COLUMNS, ...RARE_COLUMNS];
    this.#insert = insertInto(database, columns);
    this.#insertUsual = insertInto(database, USUAL_COLUMNS);
    this.#selectHighest = database.prepare(HIGHEST_ID).pluck();
    this.#update = database.prepare(
      `UPDATE exchange SET ${columns.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
    );
    this.#amend = database.prepare(AMEND);
    this.#interrupt = database.prepare(
      `UPDATE exchange SET outcome = 'interrupted', error_type = 'RECORDER_FAILED',
         error_message = 'What came of the call could not be written.' WHERE id = ?`,
    );
    this.#selectHeads = headsOf(database);
    this.#heads = new HeadStore(database);
    this.#parts = new CallParts(database, redactor, this.#heads);
    this.#undisturbed = new Undisturbed(database);
  }

  /** To be called when a transaction has begun: other recorders have given ids since the last. */
  begin(): void {
    this.#highestId = Number(this.#selectHighest.get());
    this.#heads.begin();
    this.#parts.begin(this.#undisturbed.isSo);
  }

  /** Writes what calls share; to be called before they are committed. */
  settle(): void {
    this.#heads.settle();
  }

  /** To be called when a transaction has written all that it will. */
  ends(): void {
    this.#undisturbed.note();
  }

  /** Forgets cached ids; to be called when a transaction was rolled back. */
  forget(): void {
    this.#parts.forget();
    this.#heads.forget();
  }

  /** What of a call a filter looks at, as it would be stored. */
  head(draft: CallDraft): StoredHead {
    const url = this.#parts.url(draft);
    return {
      draft,
      url,
      endpoint: this.#parts.endpointOf(draft, url),
      requestHeaders: this.#parts.redacted(draft.headers),
      responseHeaders:
        draft.response === null ? null : this.#parts.redacted(draft.response.headers),
    };
  }

  /** Writes a call that has no row yet and returns the row's id. */
  insert(draft: CallDraft): number {
    const id = this.#highestId + 1;
    const usual = this.#usualValues(id, draft);
    const rare = this.#rareValues(draft);
    if (rare.every((value) => value === null)) this.#insertUsual.run(id, ...usual);
    else this.#insert.run(id, ...usual, ...rare);
    this.#highestId = id;
    return id;
  }

  /**
   * Writes the row of a call that has nothing but its times that its parts do not tell.
   *
   * @returns false when a part is not known; nothing is written then.
   */
  repeat({ request, answer }: Repeats, times: CallTimes): boolean {
    const asked = this.#parts.knownRequest(request);
    const given = asked === null ? null : this.#parts.knownAnswer(answer);
    // The second look may have found lines of the first gone.
    if (asked === null || given === null || !this.#heads.isGood(asked.head)) return false;
    this.#parts.again(asked);
    this.#parts.again(given);
    const id = this.#highestId + 1;
    this.#insertUsual.run(id, ...this.#repeatedValues(asked, given, times));
    this.#highestId = id;
    return true;
  }

  /** Completes a row that was written while its call was still pending. */
  amend(id: number, draft: CallDraft): void {
    for (const cell of this.#selectHeads.get(id) ?? []) this.#heads.replaced(cell);
    this.#update.run(...this.#usualValues(id, draft), ...this.#rareValues(draft), id);
    this.#amend.run(id);
  }

  /** Ends a row that was written as pending and whose end cannot be written. */
  interrupt(id: number): void {
    this.#interrupt.run(id);
    this.#amend.run(id);
  }

  #usualValues(id: number, draft: CallDraft): Value[] {
    const { timings, response } = draft;
    const request = this.#parts.request(id, draft);
    const answer =
      response === null ? null : this.#parts.answer(id, response, draft.repeats?.answer ?? 0);
    return [
      this.#recordingId,
      request.endpointId,
      Math.round(draft.startedAt),
      draft.outcome,
      request.url,
      request.httpVersion,
      request.head.cell,
      request.bodyId,
      request.size,
      ...answerValues(answer),
      draft.durationMs,
      draft.ttfbMs,
      timings.blocked,
      timings.send,
      timings.wait,
      timings.receive,
      draft.peerAddress,
      draft.retries,
      droppedOf(draft),
    ];
  }

  #repeatedValues(request: RequestPart, answer: AnswerPart, times: CallTimes): Value[] {
    return [
      this.#recordingId,
      request.endpointId,
      Math.round(times.startedAt),
      'complete',
      request.url,
      request.httpVersion,
      request.head.cell,
      request.bodyId,
      request.size,
      answer.status,
      answer.statusText,
      answer.httpVersion,
      answer.head.cell,
      answer.bodyId,
      answer.size,
      times.durationMs,
      times.ttfbMs,
      null,
      times.send,
      times.wait,
      times.receive,
      null,
      0,
      0,
    ];
  }

  #rareValues(draft: CallDraft): Value[] {
    const { response, timings } = draft;
    return [
      this.#trailers(draft.trailers),
      response === null ? null : this.#trailers(response.trailers),
      response === null ? null : this.#interim(response.interim),
      response === null ? null : listOrNull(response.chunks),
      draft.errorType,
      this.#parts.text(draft.errorMessage),
      timings.dns,
      timings.connect,
      timings.ssl,
      draft.fault,
    ];
  }

  #interim(interim: readonly DraftInterim[]): string | null {
    const list = interim.map((one) => [
      one.status,
      this.#parts.text(one.statusText),
      this.#parts.redacted(one.headers),
      one.atMs,
    ]);
    return listOrNull(list);
  }

  #trailers(trailers: FlatHeaders): string | null {
    return trailers.length === 0 ? null : JSON.stringify(this.#parts.redacted(trailers));
  }
}
