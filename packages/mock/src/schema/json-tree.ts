/** A JSON value and where it stands in its text. Offsets are those of the text, in UTF-16 units. */
export interface JsonNode {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
  /** What an object or array holds, in order; empty for everything else. */
  readonly children: readonly JsonChild[];
}

/** A member of an object or an item of an array. */
export interface JsonChild {
  /** Name or index. */
  readonly key: string;
  /** Where the member's name begins; where the item begins. */
  readonly start: number;
  readonly value: JsonNode;
}

const MAX_DEPTH = 200;
const SPACE = /[ \t\r\n]*/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const NUMBER = /-?[\d.eE+-]+/y;

/** Walks through text that is known to be JSON. */
class Walker {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    this.#skip(SPACE);
    const start = this.#at;
    switch (this.#text.charAt(start)) {
      case '{':
        return this.#group('object', '}', depth);
      case '[':
        return this.#group('array', ']', depth);
      case '"':
        return this.#leaf('string', start, this.#skip(STRING));
      case 't':
        return this.#leaf('boolean', start, start + 4);
      case 'f':
        return this.#leaf('boolean', start, start + 5);
      case 'n':
        return this.#leaf('null', start, start + 4);
      default:
        return this.#leaf('number', start, this.#skip(NUMBER));
    }
  }

  #leaf(kind: JsonNode['kind'], start: number, end: number): JsonNode {
    this.#at = end;
    return { kind, start, end, children: [] };
  }

  #group(kind: 'object' | 'array', close: string, depth: number): JsonNode {
    const start = this.#at;
    const children: JsonChild[] = [];
    this.#at += 1;
    this.#skip(SPACE);
    while (this.#text[this.#at] !== close) {
      children.push(kind === 'object' ? this.#member(depth) : this.#item(children.length, depth));
      this.#skip(SPACE);
      if (this.#text[this.#at] === ',') this.#at += 1;
      this.#skip(SPACE);
    }
    this.#at += 1;
    return { kind, start, end: this.#at, children };
  }

  #member(depth: number): JsonChild {
    const start = this.#at;
    const name: unknown = JSON.parse(this.#text.slice(start, this.#skip(STRING)));
    this.#skip(SPACE);
    this.#at += 1;
    return { key: String(name), start, value: this.value(depth + 1) };
  }

  #item(index: number, depth: number): JsonChild {
    const value = this.value(depth + 1);
    return { key: String(index), start: value.start, value };
  }

  /** Goes behind what the pattern fits and returns where that is. */
  #skip(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) throw new SyntaxError('not JSON');
    this.#at = pattern.lastIndex;
    return this.#at;
  }
}

/**
 * Reads one JSON text as a tree of places, so that parts of it can be altered while everything else
 * stays as it is written: numbers, white space, order, names that are there twice. Undefined when it
 * is no JSON, or nested over 200 deep.
 */
export function jsonTree(text: string, start = 0, end: number = text.length): JsonNode | undefined {
  try {
    JSON.parse(start === 0 && end === text.length ? text : text.slice(start, end));
    return new Walker(text, start).value(0);
  } catch {
    return undefined;
  }
}
