import { bytesKey, meaningKey, meaningOf } from './body-meaning.ts';
import type { Content } from './body-meaning.ts';
import { contentOf } from './call.ts';
import type { Call } from './call.ts';
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

interface CutBody {
  readonly content: Content;
  readonly group: Group;
}

/** The recordings with a body, in groups of the same body. */
class Bodied {
  readonly groups: Group[] = [];
  readonly #byBytes = new Map<string, Group>();
  readonly #byMeaning = new Map<string, Group>();
  readonly #cut: CutBody[] = [];

  add(recording: Recording): void {
    const content = recordedContent(recording);
    if (content.bytes.length < content.size) {
      const known = this.#cut.find((cut) => fitsCut(cut.content, content))?.group;
      const group = this.#join(known, recording);
      if (known === undefined) this.#cut.push({ content, group });
      return;
    }
    const bytes = bytesKey(content.bytes);
    const same = this.#byBytes.get(bytes);
    if (same === undefined) this.#byBytes.set(bytes, this.#addByMeaning(recording, content));
    else this.#join(same, recording);
  }

  find(content: Content): Group | undefined {
    return (
      this.#byBytes.get(bytesKey(content.bytes)) ??
      this.#byMeaning.get(meaningKey(meaningOf(content))) ??
      this.#cut.find((cut) => fitsCut(cut.content, content))?.group
    );
  }

  #addByMeaning(recording: Recording, content: Content): Group {
    const meaning = meaningKey(meaningOf(content));
    const group = this.#join(this.#byMeaning.get(meaning), recording);
    this.#byMeaning.set(meaning, group);
    return group;
  }

  #join(known: Group | undefined, recording: Recording): Group {
    const group = known ?? { recordings: [], used: 0 };
    if (known === undefined) this.groups.push(group);
    group.recordings.push(recording);
    return group;
  }
}

/**
 * The recordings of one method, path, query and host by what their request bodies say. Nothing is
 * parsed before a request with a body comes, and then each recorded body once: from there on a
 * lookup costs the same however many there are.
 */
export class BodyIndex {
  #bodiless: Group | null = null;
  #bodied: Bodied | null = null;
  #unread: Recording[] | null = null;

  add(recording: Recording): void {
    if (recording.exchange.request.body.size > 0) {
      this.#unread ??= [];
      this.#unread.push(recording);
      return;
    }
    this.#bodiless ??= { recordings: [], used: 0 };
    this.#bodiless.recordings.push(recording);
  }

  /** The recordings of the same request content as the call's. */
  find(call: Call): Group | undefined {
    if (call.body.length === 0) return this.#bodiless ?? undefined;
    return this.#read()?.find(contentOf(call));
  }

  /** Every group; the one without a body first, the others in the order of their first recording. */
  groups(): readonly Group[] {
    const bodied = this.#read()?.groups ?? [];
    return this.#bodiless === null ? bodied : [this.#bodiless, ...bodied];
  }

  #read(): Bodied | null {
    if (this.#unread === null) return this.#bodied;
    this.#bodied ??= new Bodied();
    for (const recording of this.#unread) this.#bodied.add(recording);
    this.#unread = null;
    return this.#bodied;
  }
}
