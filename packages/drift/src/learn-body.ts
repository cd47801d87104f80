import type { BodyPrint } from './body-print.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { keyTraits } from './key-traits.ts';
import { MOST_DEPTH, MOST_ITEMS, MOST_KEY_LENGTH } from './limits.ts';
import { SpelledNumber } from './parse-body.ts';
import { type Fields, type Member, Place, RecordLessons } from './shape.ts';
import type { Example, Round } from './sightings.ts';
import { TextLessons } from './text-lessons.ts';

const TAG_VALUE = /^[A-Za-z_][A-Za-z_./:-]*\d{0,2}$/;
const MOST_TAG_LENGTH = 48;

let serial = 0;

function newRound({ id, at }: Example): Round {
  serial += 1;
  return { id, at, serial };
}

/** How many more places there is room for. */
export interface Room {
  places: number;
}

/** Counts one body into what is known of the place at its top. */
export function learnBody(
  place: Place,
  body: unknown,
  print: BodyPrint,
  call: Example,
  room: Room,
): void {
  const learner = new BodyLearner(print, room);
  learner.learn(place, body, 0, newRound(call));
  learner.close();
}

class BodyLearner {
  readonly #print: BodyPrint;
  readonly #room: Room;
  readonly #open: Fields[] = [];
  readonly #records: RecordLessons[] = [];

  constructor(print: BodyPrint, room: Room) {
    this.#print = print;
    this.#room = room;
  }

  /** What was missing in objects is counted at the end, and the limits are held then. */
  close(): void {
    for (const fields of this.#open) fields.close();
    for (const record of this.#records) record.tidy();
  }

  learn(place: Place, value: unknown, depth: number, round: Round): void {
    if (value === null) place.note('null', round);
    else if (typeof value === 'string') {
      place.note('string', round);
      (place.text ??= new TextLessons()).learn(value, round);
    } else if (typeof value === 'number') noteNumber(place, value, round);
    else if (typeof value === 'boolean') place.note('boolean', round);
    else if (depth >= MOST_DEPTH) place.note('deep', round);
    else this.#learnNested(place, value, depth, round);
  }

  #learnNested(place: Place, value: unknown, depth: number, round: Round): void {
    if (value instanceof SpelledNumber) noteSpelled(place, value, round);
    else if (Array.isArray(value)) this.#learnItems(place, value, depth, round);
    else if (isJsonObject(value)) this.#learnObject(place, value, depth, round);
  }

  #learnItems(place: Place, items: readonly unknown[], depth: number, round: Round): void {
    place.note('array', round);
    if (items.length === 0) return;
    const end = Math.min(items.length, MOST_ITEMS);
    place.leftOut += items.length - end;
    const itemPlace = (place.items ??= new Place());
    for (let at = 0; at < end; at += 1) this.learn(itemPlace, items[at], depth + 1, round);
  }

  #learnObject(place: Place, object: JsonObject, depth: number, round: Round): void {
    place.note('object', round);
    const record = (place.record ??= new RecordLessons());
    const keys = Object.keys(object);
    if (keys.length === 0) {
      record.empty.note(round);
      return;
    }
    const entity = this.#print.entities.get(object);
    if (entity !== undefined && !record.entities.isNew(entity)) return;
    if (record.values !== null) this.#learnMap(record, record.values, object, depth, round);
    else this.#learnMembers(record, object, keys, depth, round);
  }

  /** Each entry is evidence of its own, as the members of a map that is found later are. */
  #learnMap(
    record: RecordLessons,
    values: Place,
    object: JsonObject,
    depth: number,
    round: Round,
  ): void {
    record.maps.note(round);
    for (const key of Object.keys(object))
      this.learn(values, object[key], depth + 1, newRound(round));
  }

  #learnMembers(
    record: RecordLessons,
    object: JsonObject,
    keys: readonly string[],
    depth: number,
    round: Round,
  ): void {
    const fields = record.fields(tagOf(object, keys));
    if (fields.open(round)) {
      this.#open.push(fields);
      this.#records.push(record);
    }
    for (const key of keys) {
      const value = object[key];
      const member = this.#member(fields, key);
      if (member === undefined) record.leftOut += 1;
      else {
        member.meet(round);
        this.learn(member.place, value, depth + 1, round);
      }
    }
    record.tidyIfWild();
  }

  #member(fields: Fields, key: string): Member | undefined {
    const known = fields.members.get(key);
    if (known !== undefined) return known;
    if (this.#room.places <= 0 || key.length > MOST_KEY_LENGTH) return undefined;
    this.#room.places -= 1;
    return fields.member(key);
  }
}

function noteNumber(place: Place, value: number, round: Round): void {
  place.note(Number.isInteger(value) ? 'integer' : 'fraction', round);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) place.big += 1;
}

function noteSpelled(place: Place, { value, source }: SpelledNumber, round: Round): void {
  const isBig = Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (isBig) place.big += 1;
  place.note(source.includes('.') ? 'whole' : 'integer', round);
}

/** What seems to tell this object from others at its place: `type=card`; empty for nothing. */
function tagOf(object: JsonObject, keys: readonly string[]): string {
  let best = 0;
  let tag = '';
  for (const key of keys) {
    const value = object[key];
    if (key === 'deleted' && value === true) return 'deleted=true';
    if (typeof value !== 'string' || value.length > MOST_TAG_LENGTH) continue;
    const { tagRank } = keyTraits(key);
    if (tagRank > best && TAG_VALUE.test(value)) {
      best = tagRank;
      tag = `${key}=${value}`;
    }
  }
  return tag;
}
