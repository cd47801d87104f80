import { MAX_HEAD_BYTES } from './limits.ts';
import { MalformedAnswer } from './malformed-answer.ts';

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What no field value may hold (RFC 9110 section 5.5); obs-text may be there. */
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/** Of the reason only what would end the line is left out: the relay cleans what it passes on. */
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([^\0\r\n]*))?$/;
const NO_STATUS_LINE = 'it does not begin with a status line';
const HTTP_1 = 'HTTP/1.';
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function nameError(name: string): MalformedAnswer {
  if (isBlank(name.charCodeAt(0))) return new MalformedAnswer('it folds a field over two lines');
  if (/^[^\s]+[ \t]+$/.test(name)) {
    return new MalformedAnswer('it has a space between the name of a field and its colon');
  }
  return new MalformedAnswer('it has a field whose name is not a token');
}

/**
 * Reads a head or a trailer section up to its empty line, in whatever pieces it comes: field lines in
 * order and letter case, one character a byte (RFC 9112 section 5). Lines have to end in CRLF.
 */
export class SectionReader {
  /** The parts of the status line: all of it, minor version, status, reason. */
  statusLine: RegExpExecArray | null = null;
  /** Flat: name, value, name, value, ... */
  fields: string[] = [];
  /** The empty line has been read. */
  complete = false;
  /** The line that has not ended yet. */
  #partial = '';
  #room = 0;
  #wantsStatusLine = false;

  /** @param room - Bytes that the section may take, up to {@link MAX_HEAD_BYTES}. */
  begin(wantsStatusLine: boolean, room: number = MAX_HEAD_BYTES): void {
    this.statusLine = null;
    this.fields = [];
    this.complete = false;
    this.#partial = '';
    this.#room = room;
    this.#wantsStatusLine = wantsStatusLine;
  }

  /** Bytes that are left of the room. */
  get room(): number {
    return this.#room;
  }

  /**
   * @returns Where in `bytes` reading has stopped: behind the empty line, else at the end.
   * @throws MalformedAnswer
   */
  read(bytes: Buffer, from: number): number {
    const end = bytes.indexOf('\r\n\r\n', from, 'latin1');
    const cut = end === -1 ? bytes.lastIndexOf(LF) + 1 : end + 4;
    if (cut <= from) this.#keep(this.#partial, bytes, from);
    else {
      const known = this.#partial.length;
      const text = this.#partial + bytes.toString('latin1', from, cut);
      const read = this.#readLines(text);
      this.#room -= read;
      this.#checkRoom(0);
      if (this.complete) return from + read - known;
      this.#keep(text.slice(read), bytes, cut);
    }
    return bytes.length;
  }

  /** Puts a line without an end aside, to be looked at again when it has one. */
  #keep(line: string, bytes: Buffer, from: number): void {
    this.#checkRoom(line.length + bytes.length - from);
    this.#partial = line + bytes.toString('latin1', from);
    // Something that will never be a status line need not come to its end.
    if (!this.#wantsStatusLine || line.length >= HTTP_1.length) return;
    if (HTTP_1.startsWith(this.#partial.slice(0, HTTP_1.length))) return;
    throw new MalformedAnswer(NO_STATUS_LINE);
  }

  #checkRoom(needed: number): void {
    if (this.#room < needed) throw new MalformedAnswer('its head exceeds 256 KiB');
  }

  /** Returns how much of the text was whole lines, up to the empty one. */
  #readLines(text: string): number {
    let at = 0;
    for (;;) {
      const lf = text.indexOf('\n', at);
      if (lf === -1) return at;
      const to = lf - 1;
      if (to < at || text.charCodeAt(to) !== CR) {
        throw new MalformedAnswer('a line of its head ends in LF without CR');
      }
      if (this.#wantsStatusLine) {
        this.#readStatusLine(text.slice(at, to));
      } else if (to === at) {
        this.complete = true;
        return lf + 1;
      } else this.#readField(text, at, to);
      at = lf + 1;
    }
  }

  #readStatusLine(line: string): void {
    this.statusLine = STATUS_LINE.exec(line);
    this.#wantsStatusLine = false;
    if (this.statusLine === null) throw new MalformedAnswer(NO_STATUS_LINE);
  }

  #readField(text: string, from: number, to: number): void {
    const colon = text.indexOf(':', from);
    if (colon === -1 || colon > to)
      throw new MalformedAnswer('it has a field line without a colon');
    const name = text.slice(from, colon);
    if (!TOKEN.test(name)) throw nameError(name);
    let start = colon + 1;
    let end = to;
    while (start < end && isBlank(text.charCodeAt(start))) start += 1;
    while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
    const value = text.slice(start, end);
    if (NOT_A_VALUE.test(value)) {
      throw new MalformedAnswer('it has a control character in the value of a field');
    }
    this.fields.push(name, value);
  }
}
