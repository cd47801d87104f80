import type { HeaderLine } from '@calltape/store';
import { BodyLessons } from './body-lessons.ts';
import { isQuietField } from './quiet-fields.ts';
import type { LearnedMessage } from './learned-call.ts';
import { parseBody } from './parse-body.ts';
import { type Example, type Round, Sightings } from './sightings.ts';
import { sightingsOf } from './text-lessons.ts';

const MOST_FIELDS = 200;
const MOST_NAME_LENGTH = 100;
const MOST_TYPES = 16;
const MOST_KNOWN_NAMES = 2000;

/** What the messages of one direction, or answers of one status, have been. */
export class MessageLessons {
  /** All of them; unlike bodies, repeated ones count. */
  readonly calls: Sightings = new Sightings();
  /** By name in lower case, those left out that say nothing about an API. */
  readonly headers: Map<string, Sightings> = new Map();
  /** By media type, of messages with content. */
  readonly mediaTypes: Map<string, Sightings> = new Map();
  readonly empty: Sightings = new Sightings();
  readonly filled: Sightings = new Sightings();
  /** By media type. */
  readonly bodies: Map<string, BodyLessons> = new Map();

  learn(message: LearnedMessage, about: number, call: Example): void {
    const round = { id: call.id, at: call.at, serial: this.calls.count + 1 };
    this.calls.note(round);
    for (const [name] of message.headers) this.#learnField(name, round);
    const type = bareType(message.contentType);
    const emptiness = isEmpty(message, type);
    if (emptiness === true) this.empty.note(round);
    else if (emptiness === false) this.#learnContent(message, type, about, round);
  }

  merge(other: MessageLessons): void {
    this.calls.merge(other.calls);
    this.empty.merge(other.empty);
    this.filled.merge(other.filled);
    for (const [name, seen] of other.headers) sightingsOf(this.headers, name).merge(seen);
    for (const [type, seen] of other.mediaTypes) sightingsOf(this.mediaTypes, type).merge(seen);
    for (const [type, bodies] of other.bodies) this.bodiesOf(type).merge(bodies);
  }

  bodiesOf(type: string): BodyLessons {
    const known = this.bodies.get(type);
    if (known !== undefined) return known;
    const bodies = new BodyLessons();
    this.bodies.set(type, bodies);
    return bodies;
  }

  #learnField(spelled: string, round: Round): void {
    const name = toldName(spelled);
    if (name === null) return;
    if (this.headers.size < MOST_FIELDS || this.headers.has(name)) {
      sightingsOf(this.headers, name).note(round);
    }
  }

  #learnContent({ body }: LearnedMessage, type: string, about: number, round: Round): void {
    this.filled.note(round);
    if (this.mediaTypes.size >= MOST_TYPES && !this.mediaTypes.has(type)) return;
    sightingsOf(this.mediaTypes, type).note(round);
    const parsed = body === null ? undefined : parseBody(body, type);
    if (parsed === undefined) return;
    if ('value' in parsed) this.bodiesOf(type).learn(parsed.value, about, round);
    else this.bodiesOf(type).skip(parsed.unlearned, round);
  }
}

const toldNames = new Map<string, string | null>();

/** In lower case; null for a field that says nothing about an API. Remembered: there are few names. */
function toldName(spelled: string): string | null {
  const known = toldNames.get(spelled);
  if (known !== undefined) return known;
  const name = spelled.toLowerCase();
  const told = name.length > MOST_NAME_LENGTH || isQuietField(name) ? null : name;
  if (toldNames.size >= MOST_KNOWN_NAMES) toldNames.clear();
  if (name.length <= MOST_NAME_LENGTH) toldNames.set(spelled, told);
  return told;
}

function bareType(contentType: string | null): string {
  const [type = ''] = (contentType ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

/** Null when it cannot be known: a body that was not kept and whose length nobody told. */
function isEmpty({ body, headers }: LearnedMessage, type: string): boolean | null {
  if (body !== null) return body.length === 0;
  const length = fieldOf(headers, 'content-length');
  if (length !== undefined) return Number(length) === 0;
  if (fieldOf(headers, 'transfer-encoding') !== undefined) return null;
  return type === '' ? true : null;
}

function fieldOf(headers: readonly HeaderLine[], wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}
