import type Database from 'better-sqlite3';
import type { CallDraft, FlatHeaders } from './draft.ts';
import type { Endpoint, Source } from './exchange.ts';
import { parseUnkeptFilter } from './filter.ts';

/** Which calls of a recording are to be kept, as filters; without any, all are. */
export interface KeepFilters {
  /** Keep calls that at least one of these fits; empty for any call. */
  readonly only: readonly string[];
  /** Of those, keep none that one of these fits. */
  readonly skip: readonly string[];
}

/** A call as it would be stored, its secrets replaced. */
export interface StoredHead {
  readonly draft: CallDraft;
  readonly url: string;
  readonly endpoint: Endpoint;
  readonly requestHeaders: FlatHeaders;
  readonly responseHeaders: FlatHeaders | null;
}

type Value = string | number | null;

/** The columns filters look at, as they are bound; the tables are those filters are written for. */
const CALL = `(SELECT NULL AS id, ? AS started_at, ? AS outcome, ? AS url, ? AS request_headers,
    ? AS request_bytes, ? AS status, ? AS response_headers, ? AS response_bytes,
    ? AS error_type, ? AS error_message, ? AS duration_ms, ? AS ttfb_ms, ? AS fault) AS x,
  (SELECT ? AS name, ? AS source) AS r,
  (SELECT ? AS method, ? AS origin, ? AS template) AS e`;

/**
 * Decides whether a call is kept, before its bodies are written. SQLite itself evaluates the
 * filters, so that they mean here exactly what they mean to whoever reads the tape.
 */
export class KeepRule {
  readonly #whole: Database.Statement;
  readonly #surely: Database.Statement;
  readonly #wholeParams: readonly Value[];
  readonly #surelyParams: readonly Value[];
  readonly #recording: readonly [name: string, source: Source];

  constructor(
    database: Database.Database,
    filters: KeepFilters,
    recording: { readonly name: string; readonly source: Source },
  ) {
    const only = filters.only.map((text) => parseUnkeptFilter(text));
    const skip = filters.skip.map((text) => parseUnkeptFilter(text));
    this.#recording = [recording.name, recording.source];
    const whole = condition(
      only.map(({ sql }) => sql),
      skip.map(({ sql }) => sql),
    );
    const surely = condition(
      only.map((filter) => filter.surely.sql),
      skip.map((filter) => filter.maybe.sql),
    );
    this.#whole = database.prepare(`SELECT ${whole} FROM ${CALL}`).pluck();
    this.#surely = database.prepare(`SELECT ${surely} FROM ${CALL}`).pluck();
    this.#wholeParams = [...only, ...skip].flatMap(({ params }) => params);
    this.#surelyParams = [
      ...only.flatMap((filter) => filter.surely.params),
      ...skip.flatMap((filter) => filter.maybe.params),
    ];
  }

  /** Whether a call that is over is kept. */
  keeps(head: StoredHead): boolean {
    return this.#whole.get(...this.#wholeParams, ...this.#values(head)) === 1;
  }

  /** Whether a call that has just begun will be kept, however it ends. */
  willKeep(head: StoredHead): boolean {
    return this.#surely.get(...this.#surelyParams, ...this.#values(head)) === 1;
  }

  #values({ draft, url, endpoint, requestHeaders, responseHeaders }: StoredHead): Value[] {
    const { response } = draft;
    return [
      Math.round(draft.startedAt),
      draft.outcome,
      url,
      JSON.stringify(requestHeaders),
      draft.body.size,
      response?.status ?? null,
      responseHeaders === null ? null : JSON.stringify(responseHeaders),
      response?.body.size ?? null,
      draft.errorType,
      draft.errorMessage,
      draft.durationMs,
      draft.ttfbMs,
      draft.fault,
      ...this.#recording,
      endpoint.method,
      endpoint.origin,
      endpoint.template,
    ];
  }
}

/** @throws TapeError FILTER_INVALID for the first filter that cannot be read. */
export function checkKeepFilters({ only, skip }: KeepFilters): void {
  for (const text of [...only, ...skip]) parseUnkeptFilter(text);
}

function condition(only: readonly string[], skip: readonly string[]): string {
  const wanted = only.length === 0 ? '1' : `(${only.join(' OR ')})`;
  const unwanted = skip.length === 0 ? '0' : `(${skip.join(' OR ')})`;
  return `(${wanted} AND NOT ${unwanted})`;
}
