/** Where in a JSON text a value stands. */
export interface JsonPlace {
  /** The name of the member that it is the value of, or that its array is; empty at the top. */
  readonly name: string;
  /** The name of the member that the object around it is the value of. */
  readonly owner: string;
  /** Member names and array indexes from the top. */
  readonly path: readonly (string | number)[];
  /** Where in the text the value begins, behind the quote of a string. */
  readonly at: number;
}

/** What takes the place of a value that is no object or array: as it is written, quotes left out. */
export type JsonChange = (raw: string, isString: boolean, place: JsonPlace) => string;

interface Frame {
  readonly isArray: boolean;
  readonly name: string;
  readonly owner: string;
}

export interface RewrittenJson {
  readonly text: string;
  /** How much of the text was JSON; what follows is in `text` unchanged. */
  readonly end: number;
  /** The length of the part of `text` that was JSON. */
  readonly length: number;
}

const BACKSLASH = 0x5c;
const MOST_DEPTH = 10_000;
const SCALAR = /-?\d[\d.eE+-]*|true|false|null/y;
// Between values; 0x1e begins a record of a JSON text sequence (RFC 7464).
const SPACE = /[\s,\p{Cc}]+/uy;
const COLON = /\s*:/y;

/** The index of the quote that ends the string which begins at `from`; -1 when it is cut. */
function stringEnd(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1) {
    let slash = quote;
    while (slash > from && text.charCodeAt(slash - 1) === BACKSLASH) slash -= 1;
    if ((quote - slash) % 2 === 0) return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return -1;
}

function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

class Rewriter {
  readonly #text: string;
  readonly #change: JsonChange;
  readonly #frames: Frame[] = [];
  readonly #path: (string | number)[] = [];
  #out = '';
  #copied = 0;
  #at = 0;
  /** The name whose value comes next; null when a name has to come first. */
  #name: string | null = '';

  constructor(text: string, change: JsonChange) {
    this.#text = text;
    this.#change = change;
  }

  run(): RewrittenJson {
    while (this.#skipSpace() && this.#token()) continue;
    const end = this.#at;
    const json = this.#out + this.#text.slice(this.#copied, end);
    return { text: json + this.#text.slice(end), end, length: json.length };
  }

  #skipSpace(): boolean {
    SPACE.lastIndex = this.#at;
    if (SPACE.test(this.#text)) this.#at = SPACE.lastIndex;
    return this.#at < this.#text.length;
  }

  #token(): boolean {
    const character = this.#text.charAt(this.#at);
    switch (character) {
      case '"':
        return this.#string();
      case '{':
      case '[':
        return this.#open(character === '[');
      case '}':
      case ']':
        return this.#close(character === ']');
      default:
        return this.#scalar();
    }
  }

  #string(): boolean {
    const from = this.#at + 1;
    const end = stringEnd(this.#text, from);
    const raw = this.#text.slice(from, end === -1 ? undefined : end);
    if (raw.includes('\n')) return false;
    if (this.#name === null) return end !== -1 && this.#member(unescaped(raw), end + 1);
    this.#replace(from, raw, true);
    this.#at = end === -1 ? this.#text.length : end + 1;
    this.#next();
    return true;
  }

  #member(name: string, after: number): boolean {
    COLON.lastIndex = after;
    if (!COLON.test(this.#text)) return false;
    this.#name = name;
    this.#path.push(name);
    this.#at = COLON.lastIndex;
    return true;
  }

  #scalar(): boolean {
    SCALAR.lastIndex = this.#at;
    const [raw] = SCALAR.exec(this.#text) ?? [];
    if (raw === undefined || this.#name === null) return false;
    this.#replace(this.#at, raw, false);
    this.#at += raw.length;
    this.#next();
    return true;
  }

  #open(isArray: boolean): boolean {
    if (this.#name === null || this.#frames.length >= MOST_DEPTH) return false;
    const around = this.#frames.at(-1);
    const owner = around?.isArray === true ? around.owner : (around?.name ?? '');
    this.#frames.push({ isArray, name: this.#name, owner });
    if (isArray) this.#path.push(0);
    else this.#name = null;
    this.#at += 1;
    return true;
  }

  #close(isArray: boolean): boolean {
    const frame = this.#frames.at(-1);
    const isUnfinished = !isArray && this.#name !== null;
    if (frame?.isArray !== isArray || isUnfinished) return false;
    this.#frames.pop();
    if (isArray) this.#path.pop();
    this.#name = frame.name;
    this.#at += 1;
    this.#next();
    return true;
  }

  /** A value has ended. */
  #next(): void {
    const frame = this.#frames.at(-1);
    const last = this.#path.length - 1;
    if (frame === undefined) {
      this.#name = '';
    } else if (frame.isArray) {
      const index = this.#path[last];
      this.#path[last] = typeof index === 'number' ? index + 1 : 0;
      this.#name = frame.name;
    } else {
      this.#path.pop();
      this.#name = null;
    }
  }

  #replace(from: number, raw: string, isString: boolean): void {
    const frame = this.#frames.at(-1);
    const owner = frame?.isArray === true ? frame.owner : (frame?.name ?? '');
    const changed = this.#change(raw, isString, {
      name: this.#name ?? '',
      owner,
      path: this.#path,
      at: from,
    });
    if (changed === raw) return;
    this.#out += this.#text.slice(this.#copied, from) + changed;
    this.#copied = from + raw.length;
  }
}

/**
 * Changes values inside a JSON text and leaves all else byte for byte: white space, order, the
 * spelling of numbers and strings. Also takes several values in a row (NDJSON) and a text that is
 * cut; where it stops being JSON it ends. Nothing is parsed into objects.
 */
export function rewriteJson(text: string, change: JsonChange): RewrittenJson {
  return new Rewriter(text, change).run();
}

/** The meaning of a raw JSON string. */
export const jsonString: (raw: string) => string = unescaped;
