import { bytesKey, meaningKey, meaningOf } from './body-meaning.ts';
import type { Content } from './body-meaning.ts';
import { contentOf } from './call.ts';
import type { Call } from './call.ts';
import { comparedMeaning } from './comparable.ts';
import { Group } from './group.ts';
import type { Matching } from './matching.ts';
import { multipartParts } from './multipart.ts';
import { recordedContent } from './recording.ts';
import type { Recording } from './recording.ts';
import type { SecretPlaces } from './secret-places.ts';

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
  /** Bodies with placeholders, by what they mean without those. */
  readonly #redacted = new Map<string, Group[]>();
  readonly #secrets: SecretPlaces;
  readonly #matching: Matching;

  constructor(secrets: SecretPlaces, matching: Matching) {
    this.#secrets = secrets;
    this.#matching = matching;
  }

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
      this.#byMeaning.get(this.#keyOf(content)) ??
      this.#withPlaceholders(content) ??
      this.#cut.find((cut) => fitsCut(cut.content, content))?.group
    );
  }

  #addByMeaning(recording: Recording, content: Content): Group {
    const meaning = this.#keyOf(content);
    const known = this.#byMeaning.get(meaning);
    const group = this.#join(known, recording);
    if (known !== undefined) return group;
    this.#byMeaning.set(meaning, group);
    const plain = this.#secrets.content(content);
    if (plain !== content) this.#noteRedacted(this.#keyOf(plain), group);
    return group;
  }

  #noteRedacted(key: string, group: Group): void {
    const others = this.#redacted.get(key);
    if (others === undefined) this.#redacted.set(key, [group]);
    else others.push(group);
  }

  /** The body with these secrets, or else the first that has placeholders in their place. */
  #withPlaceholders(content: Content): Group | undefined {
    if (this.#redacted.size === 0) return undefined;
    const plain = this.#secrets.content(content);
    if (plain === content) return undefined;
    const candidates = this.#redacted.get(this.#keyOf(plain)) ?? [];
    if (candidates.length < 2) return candidates[0];
    const same = this.#secrets.contentRedacted(content);
    const group = same === undefined ? undefined : this.#byMeaning.get(this.#keyOf(same));
    return group ?? candidates[0];
  }

  #keyOf(content: Content): string {
    return meaningKey(comparedMeaning(meaningOf(content), this.#matching));
  }

  #join(known: Group | undefined, recording: Recording): Group {
    if (known !== undefined) {
      known.recordings.push(recording);
      return known;
    }
    const group = new Group(this.#matching, [recording]);
    this.groups.push(group);
    return group;
  }
}

/**
 * The recordings of one method, path, query and host by what their request bodies say. Nothing is
 * parsed before a request with a body comes, and then each recorded body once: from there on a
 * lookup costs the same however many there are.
 */
export class BodyIndex {
  readonly host: string;
  #bodiless: Group | null = null;
  #bodied: Bodied | null = null;
  #unread: Recording[] | null = null;
  readonly #secrets: SecretPlaces;
  readonly #matching: Matching;

  constructor(host: string, secrets: SecretPlaces, matching: Matching) {
    this.host = host;
    this.#secrets = secrets;
    this.#matching = matching;
  }

  add(recording: Recording): void {
    if (recording.sendsContent && this.#matching.parts.has('body')) {
      if (this.#unread === null) this.#unread = [recording];
      else this.#unread.push(recording);
      return;
    }
    if (this.#bodiless === null) this.#bodiless = new Group(this.#matching, [recording]);
    else this.#bodiless.recordings.push(recording);
  }

  /** The recordings of the same request content as the call's. */
  find(call: Call): Group | undefined {
    if (call.body.length === 0 || !this.#matching.parts.has('body')) {
      return this.#bodiless?.variantFor(call);
    }
    return this.#read()?.find(contentOf(call))?.variantFor(call);
  }

  /** Every group; the one without a body first, the others in the order of their first recording. */
  groups(): readonly Group[] {
    const bodied = this.#read()?.groups ?? [];
    return this.#bodiless === null ? bodied : [this.#bodiless, ...bodied];
  }

  #read(): Bodied | null {
    if (this.#unread === null) return this.#bodied;
    this.#bodied ??= new Bodied(this.#secrets, this.#matching);
    for (const recording of this.#unread) this.#bodied.add(recording);
    this.#unread = null;
    return this.#bodied;
  }
}
