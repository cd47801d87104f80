import { decodeBody } from '@calltape/store';
import { contentOf, hostOf } from './call.ts';
import type { Call } from './call.ts';
import { parseExactJson } from './exact-json.ts';
import { groupPairs, parsePairs } from './pairs.ts';
import { splitTarget } from './target.ts';

/** A call as patterns look at it; each view of it is made once, when a pattern first asks. */
export class AskedCall {
  readonly call: Call;
  readonly path: string;
  readonly host: string;
  readonly #queryText: string;
  #query: ReadonlyMap<string, readonly string[]> | null = null;
  #cookies: ReadonlyMap<string, readonly string[]> | null = null;
  #form: ReadonlyMap<string, readonly string[]> | null = null;
  #bytes: Uint8Array | null = null;
  #text: string | null = null;
  #json: { readonly value: unknown } | null = null;

  constructor(call: Call) {
    const { path, query } = splitTarget(call.target);
    this.call = call;
    this.path = path;
    this.host = hostOf(call);
    this.#queryText = query;
  }

  get query(): ReadonlyMap<string, readonly string[]> {
    this.#query ??= groupPairs(parsePairs(this.#queryText));
    return this.#query;
  }

  get form(): ReadonlyMap<string, readonly string[]> {
    this.#form ??= groupPairs(parsePairs(this.text));
    return this.#form;
  }

  get cookies(): ReadonlyMap<string, readonly string[]> {
    this.#cookies ??= Map.groupBy(
      this.headers('cookie').flatMap((line) => line.split(';')),
      (pair) => pair.split('=', 1)[0]?.trim() ?? '',
    );
    return new Map(
      [...this.#cookies].map(([name, pairs]) => [
        name,
        pairs.map((pair) => pair.slice(pair.indexOf('=') + 1).trim()),
      ]),
    );
  }

  /** The values of a header field; `name` is in lower case. */
  headers(name: string): string[] {
    const flat = this.call.headers;
    return flat.filter((_, at) => at % 2 === 1 && flat[at - 1]?.toLowerCase() === name);
  }

  /** The content, decoded. */
  get bytes(): Uint8Array {
    if (this.#bytes !== null) return this.#bytes;
    const content = contentOf(this.call);
    const body =
      content.coding === '' ? null : decodeBody(content, [['content-encoding', content.coding]]);
    this.#bytes = body?.complete === true ? body.bytes : content.bytes;
    return this.#bytes;
  }

  get text(): string {
    this.#text ??= Buffer.from(this.bytes).toString();
    return this.#text;
  }

  /** The content as JSON with exact numbers; undefined when it is none. */
  get json(): unknown {
    this.#json ??= { value: parseExactJson(this.text) };
    return this.#json.value;
  }
}
