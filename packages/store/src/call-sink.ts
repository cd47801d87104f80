import type Database from 'better-sqlite3';
import { BodyStore } from './body-store.ts';
import { droppedOf } from './bodiless.ts';
import type { CallDraft, DraftInterim, FlatHeaders } from './draft.ts';
import type { Endpoint } from './exchange.ts';
import { endpointOf } from './endpoint/endpoint-of.ts';
import { HeadStore } from './head-store.ts';
import { RARE_COLUMNS, USUAL_COLUMNS } from './exchange-columns.ts';
import type { StoredHead } from './keep-rule.ts';
import { headsOf } from './line-release.ts';
import { MetOnce } from './met-once.ts';
import type { Redactor } from './redact.ts';

// An id is never given twice, also when the newest calls were deleted: followers read on from ids.
const HIGHEST_ID = `SELECT max(coalesce((SELECT max(id) FROM exchange), 0), exchange_id)
  FROM high_water`;

/** Notes that a call which was on the tape already has changed. */
export const AMEND = `INSERT INTO amendment (seq, exchange_id) VALUES (
  (SELECT max(coalesce((SELECT max(seq) FROM amendment), 0), amendment_seq) + 1 FROM high_water), ?)`;

type Value = string | number | bigint | Uint8Array | null;

/** Endpoints known by id; past this many the map starts anew. */
const MAX_KNOWN = 20_000;
/** URLs of which the endpoint is known, likewise; longer ones are not remembered. */
const MAX_URLS = 1000;
const MAX_URL_LENGTH = 500;

function listOrNull(items: readonly unknown[]): string | null {
  return items.length === 0 ? null : JSON.stringify(items);
}

function insertInto(database: Database.Database, columns: readonly string[]): Database.Statement {
  const marks = columns.map(() => '?').join(', ');
  return database.prepare(`INSERT INTO exchange (id, ${columns.join(', ')}) VALUES (?, ${marks})`);
}

/** Puts finished calls into the tables. Runs in the writer's thread, inside its transactions. */
export class CallSink {
  readonly #recordingId: number;
  readonly #redactor: Redactor | null;
  readonly #insert: Database.Statement;
  readonly #insertUsual: Database.Statement;
  readonly #selectHighest: Database.Statement;
  readonly #update: Database.Statement;
  readonly #amend: Database.Statement;
  readonly #interrupt: Database.Statement;
  readonly #insertEndpoint: Database.Statement;
  readonly #selectEndpoint: Database.Statement;
  readonly #selectHeads: Database.Statement<[number], readonly unknown[]>;
  readonly #bodies: BodyStore;
  readonly #heads: HeadStore;
  readonly #endpoints = new Map<string, number>();
  /** By method and URL; of URLs without a secret that more than one call had. */
  readonly #endpointsOfUrls = new Map<string, number>();
  readonly #metUrls = new MetOnce();
  #highestId = 0;

  constructor(database: Database.Database, recordingId: number, redactor: Redactor | null) {
    this.#recordingId = recordingId;
    this.#redactor = redactor;
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
    this.#insertEndpoint = database
      .prepare(
        'INSERT INTO endpoint (method, origin, template) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id',
      )
      .pluck();
    this.#selectEndpoint = database
      .prepare('SELECT id FROM endpoint WHERE method = ? AND origin = ? AND template = ?')
      .pluck();
    this.#selectHeads = headsOf(database);
    this.#bodies = new BodyStore(database, redactor);
    this.#heads = new HeadStore(database);
  }

  /** To be called when a transaction has begun: other recorders have given ids since the last. */
  begin(): void {
    this.#highestId = Number(this.#selectHighest.get());
    this.#heads.begin();
    this.#bodies.forget();
  }

  /** Writes what calls share; to be called before they are committed. */
  settle(): void {
    this.#heads.settle();
  }

  /** Forgets cached ids; to be called when a transaction was rolled back. */
  forget(): void {
    this.#endpoints.clear();
    this.#endpointsOfUrls.clear();
    this.#heads.forget();
    this.#bodies.forget();
  }

  /** What of a call a filter looks at, as it would be stored. */
  head(draft: CallDraft): StoredHead {
    const url = this.#url(draft);
    return {
      draft,
      url,
      endpoint: this.#endpointOf(draft, url),
      requestHeaders: this.#redacted(draft.headers),
      responseHeaders: draft.response === null ? null : this.#redacted(draft.response.headers),
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
    const { timings } = draft;
    const { url, endpointId } = this.#place(id, draft);
    return [
      this.#recordingId,
      endpointId,
      Math.round(draft.startedAt),
      draft.outcome,
      url,
      draft.httpVersion,
      this.#head(id, draft.headers),
      this.#bodies.idOf(draft.body, draft.headers),
      draft.body.size,
      ...this.#responseValues(id, draft),
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

  #responseValues(id: number, { response }: CallDraft): Value[] {
    if (response === null) return [null, null, null, null, null, null];
    return [
      response.status,
      this.#text(response.statusText),
      response.httpVersion,
      this.#head(id, response.headers),
      this.#bodies.idOf(response.body, response.headers),
      response.body.size,
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
      this.#text(draft.errorMessage),
      timings.dns,
      timings.connect,
      timings.ssl,
      draft.fault,
    ];
  }

  #interim(interim: readonly DraftInterim[]): string | null {
    const list = interim.map((one) => [
      one.status,
      this.#text(one.statusText),
      this.#redacted(one.headers),
      one.atMs,
    ]);
    return listOrNull(list);
  }

  /** The URL as it is stored, and the endpoint that it belongs to. */
  #place(id: number, draft: CallDraft): { readonly url: string; readonly endpointId: number } {
    const { method, template = '' } = draft;
    const key = `${method} ${draft.url} ${template}`;
    const known = this.#endpointsOfUrls.get(key);
    if (known !== undefined) return { url: draft.url, endpointId: known };
    const url = this.#url(draft);
    const endpointId = this.#endpointId(this.#endpointOf(draft, url));
    // Redaction also tells what it has replaced, each time.
    if (url === draft.url && this.#comesAgain(method, url, id)) {
      if (this.#endpointsOfUrls.size >= MAX_URLS) this.#endpointsOfUrls.clear();
      this.#endpointsOfUrls.set(key, endpointId);
    }
    return { url, endpointId };
  }

  #comesAgain(method: string, url: string, id: number): boolean {
    return url.length <= MAX_URL_LENGTH && this.#metUrls.byAnother(method, url, id);
  }

  #url(draft: CallDraft): string {
    return this.#redactor === null ? draft.url : this.#redactor.url(draft.url);
  }

  #redacted(headers: FlatHeaders): FlatHeaders {
    return this.#redactor === null ? headers : this.#redactor.headers(headers);
  }

  #head(id: number, headers: FlatHeaders): string {
    return this.#heads.cell(this.#redacted(headers), id);
  }

  #trailers(trailers: FlatHeaders): string | null {
    return trailers.length === 0 ? null : JSON.stringify(this.#redacted(trailers));
  }

  #text(text: string | null): string | null {
    return text === null || this.#redactor === null ? text : this.#redactor.text(text);
  }

  /** A template that has something in it that is to be replaced says nothing any more. */
  #endpointOf({ method, template }: CallDraft, url: string): Endpoint {
    const endpoint = endpointOf(method, url);
    if (template === undefined) return endpoint;
    const named = endpoint.origin + template;
    const isPlain = this.#redactor === null || this.#redactor.url(named) === named;
    return isPlain ? { ...endpoint, template } : endpoint;
  }

  #endpointId({ method, origin, template }: Endpoint): number {
    const key = JSON.stringify([method, origin, template]);
    const known = this.#endpoints.get(key);
    if (known !== undefined) return known;
    const made = this.#insertEndpoint.get(method, origin, template);
    const id = Number(made ?? this.#selectEndpoint.get(method, origin, template));
    if (this.#endpoints.size >= MAX_KNOWN) this.#endpoints.clear();
    this.#endpoints.set(key, id);
    return id;
  }
}
