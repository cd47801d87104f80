import type Database from 'better-sqlite3';
import { BodyStore } from './body-store.ts';
import type { CallDraft, DraftResponse, FlatHeaders } from './draft.ts';
import { endpointOf } from './endpoint/endpoint-of.ts';
import type { Endpoint } from './exchange.ts';
import { HeadStore } from './head-store.ts';
import type { Head } from './head-store.ts';
import { KnownParts } from './known-parts.ts';
import { MetOnce } from './met-once.ts';
import type { Redactor } from './redact.ts';

/** Endpoints known by id; past this many the map starts anew. */
const MAX_KNOWN = 20_000;
/** URLs of which the endpoint is known, likewise; longer ones are not remembered. */
const MAX_URLS = 1000;
const MAX_URL_LENGTH = 500;

/** What the request of a call is on the tape. */
export interface RequestPart {
  readonly endpointId: number;
  readonly url: string;
  readonly httpVersion: string;
  readonly head: Head;
  readonly bodyId: number | null;
  readonly size: number;
}

/** What the answer of a call is on the tape. */
export interface AnswerPart {
  readonly status: number;
  readonly statusText: string | null;
  readonly httpVersion: string;
  readonly head: Head;
  readonly bodyId: number | null;
  readonly size: number;
}

/** Turns requests and answers into what their rows hold, without their secrets. */
export class CallParts {
  readonly #redactor: Redactor | null;
  readonly #bodies: BodyStore;
  readonly #heads: HeadStore;
  readonly #insertEndpoint: Database.Statement;
  readonly #selectEndpoint: Database.Statement;
  readonly #endpoints = new Map<string, number>();
  /** By method and URL; of URLs without a secret that more than one call had. */
  readonly #endpointsOfUrls = new Map<string, number>();
  readonly #metUrls = new MetOnce();
  readonly #requests = new KnownParts<RequestPart>();
  readonly #answers = new KnownParts<AnswerPart>();

  constructor(database: Database.Database, redactor: Redactor | null, heads: HeadStore) {
    this.#redactor = redactor;
    this.#heads = heads;
    this.#bodies = new BodyStore(database, redactor);
    this.#insertEndpoint = database
      .prepare(
        'INSERT INTO endpoint (method, origin, template) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id',
      )
      .pluck();
    this.#selectEndpoint = database
      .prepare('SELECT id FROM endpoint WHERE method = ? AND origin = ? AND template = ?')
      .pluck();
  }

  /**
   * To be called when a transaction has begun.
   *
   * @param isUndisturbed - Whether all rows are there that were there after the last one.
   */
  begin(isUndisturbed: boolean): void {
    this.#bodies.forget();
    if (!isUndisturbed) this.#forgetKnown();
  }

  /** Forgets cached ids; to be called when a transaction was rolled back. */
  forget(): void {
    this.#endpoints.clear();
    this.#endpointsOfUrls.clear();
    this.#bodies.forget();
    this.#forgetKnown();
  }

  /** A request by its number; null when it has to be made from its content. */
  knownRequest(number: number): RequestPart | null {
    const part = this.#requests.get(number);
    return part !== null && this.#heads.isGood(part.head) ? part : null;
  }

  /** As {@link knownRequest}. */
  knownAnswer(number: number): AnswerPart | null {
    const part = this.#answers.get(number);
    return part !== null && this.#heads.isGood(part.head) ? part : null;
  }

  /** Notes that one more call has a known part. */
  again<Part extends RequestPart | AnswerPart>(part: Part): Part {
    this.#heads.again(part.head);
    return part;
  }

  /** @param id - The row that it is for. */
  request(id: number, draft: CallDraft): RequestPart {
    const number = draft.repeats?.request ?? 0;
    const known = number === 0 ? null : this.knownRequest(number);
    if (known !== null) return this.again(known);
    const { url, endpointId } = this.#place(id, draft);
    const part = {
      endpointId,
      url,
      httpVersion: draft.httpVersion,
      head: this.#head(id, draft.headers),
      bodyId: this.#bodies.idOf(draft.body, draft.headers),
      size: draft.body.size,
    };
    if (number !== 0) this.#requests.met(number, part);
    return part;
  }

  /** As {@link request}. */
  answer(id: number, response: DraftResponse, number: number): AnswerPart {
    const known = number === 0 ? null : this.knownAnswer(number);
    if (known !== null) return this.again(known);
    const part = {
      status: response.status,
      statusText: this.text(response.statusText),
      httpVersion: response.httpVersion,
      head: this.#head(id, response.headers),
      bodyId: this.#bodies.idOf(response.body, response.headers),
      size: response.body.size,
    };
    if (number !== 0) this.#answers.met(number, part);
    return part;
  }

  /** A template that has something in it that is to be replaced says nothing any more. */
  endpointOf({ method, template }: CallDraft, url: string): Endpoint {
    const endpoint = endpointOf(method, url);
    if (template === undefined) return endpoint;
    const named = endpoint.origin + template;
    const isPlain = this.#redactor === null || this.#redactor.url(named) === named;
    return isPlain ? { ...endpoint, template } : endpoint;
  }

  url({ url }: CallDraft): string {
    return this.#redactor === null ? url : this.#redactor.url(url);
  }

  redacted(headers: FlatHeaders): FlatHeaders {
    return this.#redactor === null ? headers : this.#redactor.headers(headers);
  }

  text(text: string): string;
  text(text: string | null): string | null;
  text(text: string | null): string | null {
    return text === null || this.#redactor === null ? text : this.#redactor.text(text);
  }

  #forgetKnown(): void {
    this.#requests.clear();
    this.#answers.clear();
  }

  #head(id: number, headers: FlatHeaders): Head {
    return this.#heads.head(this.redacted(headers), id);
  }

  /** The URL as it is stored, and the endpoint that it belongs to. */
  #place(id: number, draft: CallDraft): { readonly url: string; readonly endpointId: number } {
    const { method, template = '' } = draft;
    const key = `${method} ${draft.url} ${template}`;
    const known = this.#endpointsOfUrls.get(key);
    if (known !== undefined) return { url: draft.url, endpointId: known };
    const url = this.url(draft);
    const endpointId = this.#endpointId(this.endpointOf(draft, url));
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
