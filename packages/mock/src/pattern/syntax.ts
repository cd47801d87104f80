/** A regular expression taken apart. */
export type Part =
  | { readonly kind: 'one'; readonly fits: (character: string) => boolean }
  | { readonly kind: 'edge'; readonly at: 'start' | 'end' }
  | { readonly kind: 'all'; readonly parts: readonly Part[] }
  | { readonly kind: 'any'; readonly parts: readonly Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly least: number; readonly most: number };

/** Why a regular expression cannot be used; whoever knows where it stands says so in front. */
export class WrongPattern extends Error {
  override readonly name = 'WrongPattern';
}

const MOST_LENGTH = 2_000;
/** `{n,m}` repeats no more often than this. */
const MOST_REPEATS = 1_000;

const TOKEN =
  /\\(?:[pP]\{[^}]*\}|u\{?[0-9a-fA-F]+\}?|x[0-9a-fA-F]{2}|[^])|\[(?:\\[^]|[^\]\\])*\]|\((?:\?(?::|<?[=!]|<[A-Za-z]\w*>|[a-zA-Z]+\)?)?)?|\{\d+(?:,\d*)?\}|[^]/gu;

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,(\d*))?\})$/;

/** Reads expressions in the part of their syntax that Java, JavaScript and JSON Schema share. */
class Reader {
  readonly #tokens: readonly string[];
  readonly #flags: string;
  #at = 0;

  constructor(source: string, flags: string) {
    this.#tokens = source.match(TOKEN) ?? [];
    this.#flags = flags;
  }

  read(): Part {
    const part = this.#choice();
    if (this.#at < this.#tokens.length) throw new WrongPattern('has a ) without its (');
    return part;
  }

  #choice(): Part {
    const parts = [this.#sequence()];
    while (this.#tokens[this.#at] === '|') {
      this.#at += 1;
      parts.push(this.#sequence());
    }
    return parts.length === 1 ? (parts[0] ?? EMPTY) : { kind: 'any', parts };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || token === '|' || token === ')') break;
      this.#at += 1;
      parts.push(this.#repeated(this.#atom(token)));
    }
    return { kind: 'all', parts };
  }

  #atom(token: string): Part {
    if (token.startsWith('(')) return this.#group(token);
    if (token === '^' || token === '\\A') return { kind: 'edge', at: 'start' };
    if (token === '$' || token === '\\z' || token === '\\Z') return { kind: 'edge', at: 'end' };
    if (QUANTIFIER.test(token)) throw new WrongPattern(`has nothing in front of ${token}`);
    if (/^\\[1-9kbBGQE]/.test(token)) throw new WrongPattern(`uses ${token}`);
    return { kind: 'one', fits: this.#character(token) };
  }

  #group(token: string): Part {
    if (token !== '(' && token !== '(?:' && !/^\(\?<[A-Za-z]/.test(token)) {
      throw new WrongPattern(`uses ${token}`);
    }
    const part = this.#choice();
    if (this.#tokens[this.#at] !== ')') throw new WrongPattern('has a ( without its )');
    this.#at += 1;
    return part;
  }

  #repeated(part: Part): Part {
    const token = this.#tokens[this.#at] ?? '';
    const [found, least = '', range, most = ''] = QUANTIFIER.exec(token) ?? [];
    if (found === undefined) return part;
    this.#at += 1;
    // Lazy and possessive ones fit the same whole texts, possessive ones apart from rare ones.
    if (this.#tokens[this.#at] === '?') this.#at += 1;
    else if (this.#tokens[this.#at] === '+') throw new WrongPattern(`uses ${token}+`);
    const [from, to] = bounds(token, least, range, most);
    if (from > to) throw new WrongPattern(`has ${token}, which is out of order`);
    if (Math.max(from, to === Infinity ? 0 : to) > MOST_REPEATS) {
      throw new WrongPattern(`repeats more than ${MOST_REPEATS} times`);
    }
    return { kind: 'repeat', part, least: from, most: to };
  }

  /** A single character, class or escape: the engine's own, which takes no time on one character. */
  #character(token: string): (character: string) => boolean {
    if (token === '.') return () => true;
    // What is no letter or digit may be escaped in Java, but not in JavaScript with `u`.
    const plain = token.startsWith('[')
      ? token.replaceAll(/\\([^\w\s\\\]^-])/g, (_, one: string) =>
          /[/$.*+?()[{}|]/.test(one) ? `\\${one}` : one,
        )
      : token.replace(/^\\([^\w\\])$/, '$1');
    const needsEscape = plain.length === 1 && /[\^$\\.*+?()[\]{}|/]/.test(plain);
    try {
      const one = new RegExp(`^${needsEscape ? '\\' : ''}${plain}$`, `su${this.#flags}`);
      return (character) => one.test(character);
    } catch {
      throw new WrongPattern(`has ${token}, which cannot be read`);
    }
  }
}

const EMPTY: Part = { kind: 'all', parts: [] };

function bounds(
  token: string,
  least: string,
  range: string | undefined,
  most: string,
): readonly [number, number] {
  if (token === '?') return [0, 1];
  if (token === '*') return [0, Infinity];
  if (token === '+') return [1, Infinity];
  if (range === undefined) return [Number(least), Number(least)];
  return [Number(least), most === '' ? Infinity : Number(most)];
}

/**
 * Takes a regular expression apart: characters, classes, groups, choices, repeats and edges. Not
 * lookaround, back-references and word boundaries.
 *
 * @throws WrongPattern when it has something else.
 */
export function readPattern(source: string): Part {
  if (source.length > MOST_LENGTH) {
    throw new WrongPattern(`is longer than ${MOST_LENGTH} characters`);
  }
  const insensitive = /^\(\?([is]+)\)/.exec(source);
  const rest = insensitive === null ? source : source.slice(insensitive[0].length);
  return new Reader(rest, insensitive?.[1]?.includes('i') === true ? 'i' : '').read();
}
