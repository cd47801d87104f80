import { absorb, emptyFlat } from './schema.ts';
import type { Flat, Resolve } from './schema.ts';

/** Which message a value is for. */
export type Direction = 'request' | 'response';

/**
 * Members that are not in the messages of one direction, required or not: `writeOnly` is for
 * requests alone, `readOnly` for responses (OpenAPI 3.0 section 4.7.24, JSON Schema 2020-12
 * validation section 9.4).
 */
export class HiddenMembers {
  readonly #resolve: Resolve;
  readonly #direction: Direction;

  constructor(resolve: Resolve, direction: Direction) {
    this.#resolve = resolve;
    this.#direction = direction;
  }

  /** Whether a member that is described by these schemas together is one. */
  are(schemas: readonly unknown[]): boolean {
    const { writeOnly, readOnly } = this.#flat(schemas);
    return this.#direction === 'response' ? writeOnly : readOnly;
  }

  /** Whether the member of that name in an object of a schema is one. */
  isIn(schema: unknown, name: string): boolean {
    return this.are(this.#flat([schema]).properties.get(name) ?? []);
  }

  #flat(schemas: readonly unknown[]): Flat {
    const flat = emptyFlat();
    for (const schema of schemas) absorb(flat, schema, this.#resolve);
    return flat;
  }
}
