import { fieldKind } from './field-kind.ts';
import type { FieldKind } from './field-kind.ts';

/** Bytes above ASCII in a field value (RFC 9110 section 5.5, obs-text). */
const OBS_TEXT = /[\x80-\xff]/;

/** These keep their meaning even when a `Connection` field names them. */
const NEVER_NAMED = new Set(['host', 'content-length', 'transfer-encoding']);

/**
 * One pass over the field lines of a message: the lines to pass on, in order and letter case, and
 * where those stand that decide about framing. Positions are those of the name in `fields`, -1 for
 * none.
 */
export class HeadScan {
  readonly fields: string[] = [];
  hosts = 0;
  hostAt = -1;
  lengthAt = -1;
  /** Lines that give a length. */
  lengths = 0;
  trailerAt = -1;
  dispositionAt = -1;
  /** All transfer codings, joined by commas; empty for none. */
  codings = '';
  /** Lines that give a transfer coding, also an empty one. */
  codingLines = 0;
  /** `Connection` says that it closes behind this message, or that it does not. */
  closes = false;
  keepsAlive = false;
  expect = '';
  keepAlive = '';
  eventStream = false;
  /** Some field may name the place the message came from: a URL, or the domain of a cookie. */
  addressed = false;
  /** Lower-case names of the further hop-by-hop fields that `Connection` lists. */
  named: string[] | null = null;

  constructor(raw: readonly string[]) {
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = raw[at] ?? '';
      const value = raw[at + 1] ?? '';
      const kind = fieldKind(name);
      if (kind === 'hop' || (kind !== 'ordinary' && !this.#note(kind, value))) continue;
      this.fields.push(name, value);
    }
  }

  /** The value of the line whose name stands at `at`; empty where there is none. */
  valueAt(at: number): string {
    return at === -1 ? '' : (this.fields[at + 1] ?? '');
  }

  /** Remembers what a line says and returns whether it is passed on. */
  #note(kind: FieldKind, value: string): boolean {
    if (kind === 'connection') this.#listNamed(value);
    else if (kind === 'keep-alive') this.keepAlive = value;
    else this.#notePassed(kind, value, this.fields.length);
    return kind !== 'connection' && kind !== 'keep-alive';
  }

  #notePassed(kind: FieldKind, value: string, at: number): void {
    if (kind === 'host') {
      this.hosts += 1;
      this.hostAt = at;
    } else if (kind === 'transfer-encoding') {
      this.codingLines += 1;
      this.codings = this.codings === '' ? value : `${this.codings}, ${value}`;
    } else if (kind === 'content-length') {
      this.lengths += 1;
      this.lengthAt = at;
    } else this.#noteContent(kind, value, at);
  }

  #noteContent(kind: FieldKind, value: string, at: number): void {
    if (kind === 'trailer') this.trailerAt = at;
    else if (kind === 'expect') this.expect = value;
    else if (kind === 'content-disposition') this.dispositionAt = at;
    else if (kind === 'addressed') this.addressed = true;
    else if (kind === 'content-type') this.eventStream = /^\s*text\/event-stream\b/i.test(value);
  }

  #listNamed(value: string): void {
    for (const option of value.split(',')) {
      const name = option.trim().toLowerCase();
      if (name === 'close') this.closes = true;
      else if (name === 'keep-alive') this.keepsAlive = true;
      else if (name !== '' && !NEVER_NAMED.has(name)) (this.named ??= []).push(name);
    }
  }

  /**
   * The lines to put on the wire. Ends the use of the positions.
   *
   * @param chunked - Whether the message goes on chunked; only then may `Trailer` announce fields.
   */
  wireFields(chunked: boolean): string[] {
    const { fields } = this;
    if (this.trailerAt !== -1 && !chunked) removeNamed(fields, ['trailer']);
    if (this.named !== null) removeNamed(fields, this.named);
    return fields;
  }

  /**
   * For a message that node:http is to write: it reads the value of a Content-Disposition that
   * follows a Content-Length as UTF-8 and so changes or refuses obs-text in it; in the other order it
   * leaves the value alone.
   */
  moveLengthBehindDisposition(): void {
    if (this.lengthAt === -1 || this.dispositionAt < this.lengthAt) return;
    if (!OBS_TEXT.test(this.valueAt(this.dispositionAt))) return;
    this.fields.push(...this.fields.splice(this.lengthAt, 2));
  }
}

/** Removes every line with one of these lower-case names, in place. */
export function removeNamed(fields: string[], names: readonly string[]): void {
  let kept = 0;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (names.includes(name.toLowerCase())) continue;
    fields[kept] = name;
    fields[kept + 1] = fields[at + 1] ?? '';
    kept += 2;
  }
  fields.length = kept;
}
