import { bytesKey, meaningKey, meaningOf } from './body-meaning.ts';
import type { Content } from './body-meaning.ts';
import { multipartParts } from './multipart.ts';
import { recordedContent } from './recording.ts';
import type { Recording } from './recording.ts';

/** Recordings of the same request, in the order they were made. */
export interface Group {
  readonly recordings: Recording[];
  /** How many answers of the sequence clients have had. */
  used: number;
}

function beginning(content: Content, length: number): Uint8Array | string {
  const bytes = content.bytes.subarray(0, length);
  return multipartParts(bytes, content.type)?.join('') ?? bytes;
}

/** A body of which the tape has the beginning fits by its length and as far as it is known. */
function fitsCut(cut: Content, content: Content): boolean {
  if (cut.size !== content.size) return false;
  const known = beginning(cut, cut.bytes.length);
  const came = beginning(content, cut.bytes.length);
  if (typeof known === 'string' || typeof came === 'string') return known === came;
  return Buffer.compare(known, came) === 0;
}

/**
 * The recordings of one method, path, query and host by what their request bodies say. Nothing is
 * parsed before a request with a body comes, and then each recorded body once: from there on a
 * lookup costs the same however many there are.
 */
export class BodyIndex {
  readonly #groups: Group[] = [];
  readonly #byBytes = new Map<string, Group>();
  readonly #byMeaning = new Map<string, Group>();
  readonly #cut: { readonly content: Content; readonly group: Group }[] = [];
  #empty: Group | undefined;
  #unread: Recording[] = [];

  add(recording: Recording): void {
    if (recording.exchange.request.body.size > 0) this.#unread.push(recording);
    else if (this.#empty === undefined) this.#empty = this.#newGroup(recording);
    else this.#empty.recordings.push(recording);
  }

  /** The recordings of requests with this content; `content` is asked for only when there is any. */
  find(length: number, content: () => Content): Group | undefined {
    if (length === 0) return this.#empty;
    this.#read();
    if (this.#groups.length === 0) return undefined;
    const came = content();
    return (
      this.#byBytes.get(bytesKey(came.bytes)) ??
      this.#byMeaning.get(meaningKey(meaningOf(came))) ??
      this.#cut.find(({ content: cut }) => fitsCut(cut, came))?.group
    );
  }

  /** Every group, in the order of first recordings. */
  groups(): readonly Group[] {
    this.#read();
    return this.#groups;
  }

  #newGroup(recording: Recording): Group {
    const group = { recordings: [recording], used: 0 };
    this.#groups.push(group);
    return group;
  }

  #read(): void {
    const unread = this.#unread;
    if (unread.length === 0) return;
    this.#unread = [];
    for (const recording of unread) this.#file(recording);
  }

  #file(recording: Recording): void {
    const content = recordedContent(recording);
    if (content.bytes.length < content.size) {
      const known = this.#cut.find(({ content: other }) => fitsCut(other, content));
      if (known !== undefined) known.group.recordings.push(recording);
      else this.#cut.push({ content, group: this.#newGroup(recording) });
      return;
    }
    const bytes = bytesKey(content.bytes);
    const same = this.#byBytes.get(bytes);
    if (same !== undefined) {
      same.recordings.push(recording);
      return;
    }
    this.#byBytes.set(bytes, this.#fileByMeaning(recording, content));
  }

  #fileByMeaning(recording: Recording, content: Content): Group {
    const meaning = meaningKey(meaningOf(content));
    const same = this.#byMeaning.get(meaning);
    if (same !== undefined) {
      same.recordings.push(recording);
      return same;
    }
    const group = this.#newGroup(recording);
    this.#byMeaning.set(meaning, group);
    return group;
  }
}
