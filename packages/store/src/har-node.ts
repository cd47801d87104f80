import { TapeError } from './errors.ts';

/** What is being read, for error messages. */
export interface Where {
  readonly file: string;
  readonly format: 'HAR' | 'nock JSON';
}

/**
 * A value inside a HAR, or another list of calls in JSON, together with its JSON Pointer (RFC 6901), so that whatever is wrong with it
 * is reported by its place. Absent and null are the same: exporters disagree about which to write.
 */
export class HarNode {
  readonly #where: Where;
  readonly #value: unknown;
  readonly pointer: string;

  constructor(where: Where, value: unknown, pointer = '') {
    this.#where = where;
    this.#value = value;
    this.pointer = pointer;
  }

  get absent(): boolean {
    return this.#value === null || this.#value === undefined;
  }

  /** The member of that name; own members only, whatever a HAR calls its keys. */
  get(name: string): HarNode {
    const value = this.#value;
    const member = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return new HarNode(this.#where, member, `${this.pointer}/${name}`);
  }

  /** The value itself, of any kind. */
  get value(): unknown {
    return this.#value;
  }

  /** The members of an object, by their names. */
  members(): [string, HarNode][] {
    const value = this.#value;
    return isRecord(value) ? Object.keys(value).map((name) => [name, this.get(name)]) : [];
  }

  /** @throws TapeError HAR_INVALID when this is no object. */
  object(): this {
    if (!isRecord(this.#value)) this.fail(`is ${this.#kind()}, not an object`);
    return this;
  }

  /** @throws TapeError HAR_INVALID when this is there and no array. */
  items(): HarNode[] {
    if (this.absent) return [];
    if (!Array.isArray(this.#value)) return this.fail(`is ${this.#kind()}, not an array`);
    return this.#value.map(
      (item, index) => new HarNode(this.#where, item, `${this.pointer}/${index}`),
    );
  }

  /** Text, also of a number or boolean. @throws TapeError HAR_INVALID when it is neither. */
  text(): string | null {
    const value = this.#value;
    if (value === null || value === undefined) return null;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.fail(`is ${this.#kind()}, not a string`);
  }

  /** A number, also written as text. @throws TapeError HAR_INVALID when it is neither. */
  number(): number | null {
    const value = this.#value;
    if (value === null || value === undefined || value === '') return null;
    const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
    return Number.isFinite(number) ? number : this.fail(`is ${this.#kind()}, not a number`);
  }

  /** @throws TapeError HAR_INVALID naming the file, the place, and what to do. */
  fail(problem: string, fix = 'Correct that value or remove its entry'): never {
    const place = this.pointer === '' ? 'the top level' : this.pointer;
    const { file, format } = this.#where;
    throw new TapeError(
      format === 'HAR' ? 'HAR_INVALID' : 'NOCK_INVALID',
      `Failed to read ${format} "${file}": ${place} ${problem}. ${fix}.`,
    );
  }

  #kind(): string {
    const value = this.#value;
    if (value === undefined) return 'missing';
    if (value === null) return 'null';
    if (Array.isArray(value)) return 'an array';
    if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`;
    return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value)}`;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
