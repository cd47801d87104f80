import { ExactNumber } from './exact-json.ts';
import { MockError } from './errors.ts';
import type { MockErrorCode } from './errors.ts';

/** What is being read, for error messages. */
export interface SourceFile {
  readonly file: string;
  readonly format: string;
  readonly code: MockErrorCode;
}

/** One step of a JSON Pointer (RFC 6901 section 3). */
export function pointerStep(name: string | number): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ExactNumber)
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (value instanceof ExactNumber) return `the number ${value.text}`;
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value)}`;
}

/**
 * A value inside a file, with its place as a JSON Pointer, so that whatever is wrong with it is
 * reported by that.
 */
export class SourceNode {
  readonly source: SourceFile;
  readonly value: unknown;
  readonly pointer: string;

  constructor(source: SourceFile, value: unknown, pointer = '') {
    this.source = source;
    this.value = value;
    this.pointer = pointer;
  }

  get absent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** The member of that name; own members only, whatever a file calls its keys. */
  get(name: string): SourceNode {
    const { value } = this;
    const member = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return new SourceNode(this.source, member, this.pointer + pointerStep(name));
  }

  has(name: string): boolean {
    return isRecord(this.value) && Object.hasOwn(this.value, name);
  }

  /** The members of an object; none where there is nothing. */
  members(): [name: string, node: SourceNode][] {
    if (this.absent) return [];
    const { value } = this.object();
    return isRecord(value) ? Object.keys(value).map((name) => [name, this.get(name)]) : [];
  }

  object(): this {
    if (!isRecord(this.value)) this.fail(`is ${kindOf(this.value)}, not an object`);
    return this;
  }

  /** The items of a list; none where there is nothing. */
  items(): SourceNode[] {
    const { value } = this;
    if (this.absent) return [];
    if (!Array.isArray(value)) return this.fail(`is ${kindOf(value)}, not a list`);
    return value.map(
      (item: unknown, at) => new SourceNode(this.source, item, this.pointer + pointerStep(at)),
    );
  }

  text(): string | undefined {
    const { value } = this;
    if (this.absent) return undefined;
    return typeof value === 'string' ? value : this.fail(`is ${kindOf(value)}, not a text`);
  }

  /** A text, also of a number or a boolean. */
  anyText(): string | undefined {
    const { value } = this;
    if (value instanceof ExactNumber) return value.text;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : this.text();
  }

  /** A number of `least` or more. */
  number(least: number = -Infinity): number | undefined {
    const { value } = this;
    if (this.absent) return undefined;
    const number = value instanceof ExactNumber ? Number(value.text) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) {
      return this.fail(`is ${kindOf(value)}, not a number`);
    }
    return number < least ? this.fail(`is ${number}, and less than ${least}`) : number;
  }

  boolean(): boolean {
    const { value } = this;
    if (this.absent) return false;
    return typeof value === 'boolean' ? value : this.fail(`is ${kindOf(value)}, not true or false`);
  }

  /** @throws MockError naming the file, the place and what to do. */
  fail(problem: string, fix = 'Correct it there'): never {
    const { file, format, code } = this.source;
    const place = this.pointer === '' ? 'the top level' : this.pointer;
    throw new MockError(code, `Failed to read ${format} "${file}": ${place} ${problem}. ${fix}.`);
  }
}
