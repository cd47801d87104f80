import { GOES_ON_LENGTH, MAY_GO_ON, URL_FORMS } from './url-forms.ts';
import type { UrlForm } from './url-forms.ts';

/** A place that URLs in bodies name, and the path prefix under which a client reaches it instead. */
export interface MovedSite {
  /** Begins with `/` and does not end with one; empty for the whole place. */
  readonly prefix: string;
  readonly upstream: {
    /** In lower case; an IPv6 address without brackets. */
    readonly hostname: string;
    readonly port: number;
    /** Reached by TLS. */
    readonly secure: boolean;
    /** Host and, unless it is the scheme's own, port. */
    readonly authority: string;
    /** As a prefix; empty for the root. */
    readonly basePath: string;
  };
}

/** A piece of a text and what takes its place. */
export interface TextEdit {
  readonly from: number;
  /** Behind its last character. */
  readonly to: number;
  readonly text: string;
}

/** One spelling of where an upstream is, and what takes its place. */
interface Spelling {
  readonly form: UrlForm;
  readonly scheme: string;
  readonly site: string;
  readonly basePath: string;
  /** The scheme, without its `s`, and the path prefix under which the client reaches it. */
  readonly seenScheme: string;
  readonly prefix: string;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

/** Each letter in either case. Modifiers will not do: V8 13.6 does not find "%B" by `/(?i:a|%[b])/`. */
function caseless(text: string): string {
  return escaped(text).replaceAll(/[a-z]/gi, (letter) => {
    return `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
  });
}

/** Letter case counts in a path, but not in its percent-encoding. */
function pathPattern(text: string): string {
  const parts = text.split(/(%(?:25)*[\da-f]{2})/i);
  return parts.map((part, at) => (at % 2 === 0 ? escaped(part) : caseless(part))).join('');
}

function spellings({ prefix, upstream }: MovedSite): Spelling[] {
  const { hostname, port, secure, authority, basePath } = upstream;
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  const sites = new Set([`${host}:${port}`, authority]);
  const schemes = secure ? ['https', 'wss'] : ['http', 'ws'];
  return URL_FORMS.flatMap((form) =>
    schemes.flatMap((scheme, kind) =>
      Array.from(sites, (site) => {
        const seenScheme = kind === 0 ? 'http' : 'ws';
        return { form, scheme, site, basePath, seenScheme, prefix };
      }),
    ),
  );
}

function pattern({ form, scheme, site, basePath }: Spelling): string {
  const before = caseless(form.write(`${scheme}://${site}`));
  const behind = basePath === '' ? form.hostGoesOn : form.segmentGoesOn;
  return `(${before}${pathPattern(form.write(basePath))})(?!${behind})`;
}

function length({ form, scheme, site, basePath }: Spelling): number {
  return form.write(`${scheme}://${site}${basePath}`).length;
}

/** The URLs of upstreams as they stand in text, to be moved to where calltape runs. */
export class BodyUrls {
  /** Longest first, so that of two upstreams that fit the nearer one is found. */
  readonly #spellings: readonly Spelling[];
  readonly #lower: readonly string[];
  readonly #longest: number;
  readonly #pattern: RegExp;

  constructor(routes: readonly MovedSite[]) {
    this.#spellings = routes
      .flatMap(spellings)
      .toSorted((one, other) => length(other) - length(one));
    this.#lower = this.#spellings.map(({ form, scheme, site, basePath }) =>
      form.write(`${scheme}://${site}${basePath}`).toLowerCase(),
    );
    this.#longest = Math.max(...this.#spellings.map(length)) + GOES_ON_LENGTH;
    this.#pattern = new RegExp(this.#spellings.map(pattern).join('|'), 'g');
  }

  /**
   * @param host - Under which the client reaches calltape, with the port.
   * @param secure - It does so by TLS.
   */
  towards(host: string, secure = false): TextShift {
    const moved = this.#movedTo(host, secure);
    return new TextShift(
      (text) => this.#openAt(text),
      (text, end) => this.#move(text, end, moved),
    );
  }

  /** Every URL of a whole text that moves, and what takes its place, in the order of the text. */
  edits(text: string, host: string, secure = false): TextEdit[] {
    return [...this.#edits(text, text.length, this.#movedTo(host, secure))];
  }

  #movedTo(host: string, secure: boolean): string[] {
    return this.#spellings.map(({ form, seenScheme, prefix }) =>
      form.write(`${seenScheme}${secure ? 's' : ''}://${host}${prefix}`),
    );
  }

  *#edits(text: string, end: number, moved: readonly string[]): Generator<TextEdit> {
    const found = this.#pattern;
    found.lastIndex = 0;
    for (let match = found.exec(text); match !== null; match = found.exec(text)) {
      if (match.index >= end) break;
      const which = match.findIndex((group, at) => at > 0 && group !== undefined) - 1;
      const to = match.index + match[0].length;
      yield { from: match.index, to, text: moved[which] ?? match[0] };
    }
  }

  #move(text: string, end: number, moved: readonly string[]): Moved {
    let done = '';
    let from = 0;
    for (const edit of this.#edits(text, end, moved)) {
      done += text.slice(from, edit.from) + edit.text;
      from = edit.to;
    }
    const taken = Math.max(from, end);
    return { text: done + text.slice(from, taken), taken };
  }

  /** Where the text that may be the beginning of a URL begins; its length when there is none. */
  #openAt(text: string): number {
    for (let at = Math.max(0, text.length - this.#longest); at < text.length; at += 1) {
      const first = text[at];
      if (first !== 'h' && first !== 'H' && first !== 'w' && first !== 'W') continue;
      const rest = text.slice(at).toLowerCase();
      if (this.#lower.some((spelling) => isOpen(rest, spelling))) return at;
    }
    return text.length;
  }
}

function isOpen(rest: string, spelling: string): boolean {
  if (rest.length < spelling.length) return spelling.startsWith(rest);
  return rest.startsWith(spelling) && MAY_GO_ON.test(rest.slice(spelling.length));
}

interface Moved {
  readonly text: string;
  /** How much of the text has been dealt with. */
  readonly taken: number;
}

/** Moves the URLs in one text, which comes piece by piece; keeps back no more than half a URL. */
export class TextShift {
  readonly #openAt: (text: string) => number;
  readonly #move: (text: string, end: number) => Moved;
  #held = '';

  constructor(openAt: (text: string) => number, move: (text: string, end: number) => Moved) {
    this.#openAt = openAt;
    this.#move = move;
  }

  /** @returns what is certain of the text so far. */
  push(piece: string): string {
    const all = this.#held + piece;
    const { text, taken } = this.#move(all, this.#openAt(all));
    this.#held = all.slice(taken);
    return text;
  }

  /** @returns the rest. */
  end(): string {
    return this.#move(this.#held, this.#held.length).text;
  }
}
