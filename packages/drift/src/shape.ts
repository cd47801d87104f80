import { HashMemory } from './hash-memory.ts';
import { type Round, Sightings } from './sightings.ts';
import { sightingsOf, TextLessons } from './text-lessons.ts';

/**
 * What JSON values are told apart by. `whole` is a number without a fraction that is spelled with one
 * (`1.0`): no new type where fractions are known, no fraction where they are not. `deep` is whatever
 * was nested too deep to be looked at.
 */
export type Kind =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'whole'
  | 'fraction'
  | 'string'
  | 'array'
  | 'object'
  | 'deep';

/** An object with more different keys than this is a map from keys to values. */
const MOST_KEYS = 128;
/** What else is new within one body may go beyond the limits by this factor until the body ends. */
const SLACK = 4;
/** More values of a tag than this, and it is no tag. */
const MOST_VARIANTS = 16;

/** What stood at one place, counted by bodies: a body counts once however many values it has there. */
export class Place {
  readonly seen: Sightings = new Sightings();
  /** Bodies with a value other than null here. */
  readonly known: Sightings = new Sightings();
  readonly kinds: Map<Kind, Sightings> = new Map();
  /** Numbers beyond 2^53, which lose digits when they are parsed. */
  big = 0;
  /** Items beyond the limit of one body. */
  leftOut = 0;
  text: TextLessons | null = null;
  items: Place | null = null;
  record: RecordLessons | null = null;
  /** The last that was noted: mostly the next is like it. */
  #kind: Kind | null = null;
  #sightings: Sightings = this.seen;
  #serial = 0;

  note(kind: Kind, round: Round): void {
    if (kind !== this.#kind) {
      this.#kind = kind;
      this.#sightings = sightingsOf(this.kinds, kind);
    } else if (round.serial === this.#serial) return;
    this.#serial = round.serial;
    this.seen.note(round);
    if (kind !== 'null') this.known.note(round);
    this.#sightings.note(round);
  }

  count(...kinds: readonly Kind[]): number {
    return kinds.reduce((sum, kind) => sum + (this.kinds.get(kind)?.count ?? 0), 0);
  }

  merge(other: Place): void {
    this.seen.merge(other.seen);
    this.known.merge(other.known);
    for (const [kind, seen] of other.kinds) sightingsOf(this.kinds, kind).merge(seen);
    this.big += other.big;
    this.leftOut += other.leftOut;
    if (other.text !== null) (this.text ??= new TextLessons()).merge(other.text);
    if (other.items !== null) (this.items ??= new Place()).merge(other.items);
    if (other.record !== null) (this.record ??= new RecordLessons()).merge(other.record);
  }
}

/** One key of an object. */
export class Member {
  readonly place: Place = new Place();
  /** Bodies in which no object had the key. */
  readonly none: Sightings = new Sightings();
  /** Bodies in which at least one object lacked it. */
  readonly some: Sightings = new Sightings();
  /** Objects of round `serial` that had it. */
  present = 0;
  serial = 0;

  /** One object has it. */
  meet(round: Round): void {
    if (this.serial !== round.serial) this.present = 0;
    this.serial = round.serial;
    this.present += 1;
  }

  close(round: Round, objects: number): void {
    if (this.serial !== round.serial) this.none.note(round);
    if (this.serial !== round.serial || this.present < objects) this.some.note(round);
  }

  missedBy(bodies: Sightings): void {
    this.none.merge(bodies);
    this.some.merge(bodies);
  }

  merge(other: Member): void {
    this.place.merge(other.place);
    this.none.merge(other.none);
    this.some.merge(other.some);
  }
}

/** The members of objects of one variant. */
export class Fields {
  /** Bodies with such an object that is not empty. */
  readonly bodies: Sightings = new Sightings();
  readonly members: Map<string, Member> = new Map();
  #round: Round | null = null;
  #objects = 0;

  /** An object begins; true for the first one of a round, which then has to be closed. */
  open(round: Round): boolean {
    const isFirst = this.#round?.serial !== round.serial;
    if (isFirst) {
      this.close();
      this.#round = round;
    }
    this.#objects += 1;
    return isFirst;
  }

  member(key: string): Member {
    const known = this.members.get(key);
    if (known !== undefined) return known;
    const member = new Member();
    member.missedBy(this.bodies);
    this.members.set(key, member);
    return member;
  }

  /** The round has ended: what was not there is known only now. */
  close(): void {
    const round = this.#round;
    if (round === null) return;
    for (const member of this.members.values()) member.close(round, this.#objects);
    this.bodies.note(round);
    this.#round = null;
    this.#objects = 0;
  }

  merge(other: Fields): void {
    for (const [key, member] of other.members) this.member(key).merge(member);
    for (const [key, member] of this.members) {
      if (!other.members.has(key)) member.missedBy(other.bodies);
    }
    this.bodies.merge(other.bodies);
  }
}

/** What the objects at one place have been. */
export class RecordLessons {
  /** Things that were met before: an owner who is in each of thirty answers is one owner. */
  readonly entities: HashMemory = new HashMemory(128);
  /** Objects without members, which say nothing about members. */
  readonly empty: Sightings = new Sightings();
  /** By what seems to tell them apart, `type=card`; all in one when there are too many. */
  variants: Map<string, Fields> = new Map();
  isUntagged = false;
  /** What the values of a map are, once the keys were too many. */
  values: Place | null = null;
  /** Bodies with such a map. */
  readonly maps: Sightings = new Sightings();
  /** Members beyond the limits. */
  leftOut = 0;

  fields(tag: string): Fields {
    const key = this.isUntagged ? '' : tag;
    const known = this.variants.get(key);
    if (known !== undefined) return known;
    const fields = new Fields();
    this.variants.set(key, fields);
    return fields;
  }

  /** All variants as one. */
  whole(): Fields {
    const [first] = this.variants.values();
    return this.variants.size === 1 && first !== undefined ? first : united(this.variants.values());
  }

  /** Holds the limits; not while an object is being learned, except beyond the slack. */
  tidy(slack = 1): void {
    if (this.variants.size > MOST_VARIANTS * slack) this.#untag();
    let keys = 0;
    for (const { members } of this.variants.values()) keys = Math.max(keys, members.size);
    if (keys > MOST_KEYS * slack) this.#makeMap();
  }

  tidyIfWild(): void {
    this.tidy(SLACK);
  }

  merge(other: RecordLessons): void {
    this.entities.merge(other.entities);
    this.empty.merge(other.empty);
    this.maps.merge(other.maps);
    this.leftOut += other.leftOut;
    if (other.isUntagged) this.#untag();
    for (const [tag, fields] of other.variants) this.fields(tag).merge(fields);
    if (other.values !== null) (this.values ??= new Place()).merge(other.values);
    if (this.values !== null) this.#makeMap();
    this.tidy();
  }

  #untag(): void {
    this.isUntagged = true;
    if (this.variants.size > 0) this.variants = new Map([['', united(this.variants.values())]]);
  }

  #makeMap(): void {
    const values = (this.values ??= new Place());
    for (const fields of this.variants.values()) {
      fields.close();
      this.maps.merge(fields.bodies);
      for (const { place } of fields.members.values()) values.merge(place);
    }
    this.variants.clear();
  }
}

/** The members of several variants together. */
export function united(all: Iterable<Fields>): Fields {
  const one = new Fields();
  for (const fields of all) {
    fields.close();
    one.merge(fields);
  }
  return one;
}
