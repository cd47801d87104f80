import { Fields, type Kind, Member, Place, RecordLessons } from './shape.ts';
import { Sightings, type SightingsJson } from './sightings.ts';
import { type TextJson, TextLessons } from './text-lessons.ts';

/** Short names, since there are many; what is not there is left out. */
export interface PlaceJson {
  readonly seen: SightingsJson;
  readonly known: SightingsJson;
  readonly kinds: readonly (readonly [Kind, SightingsJson])[];
  readonly big?: number;
  readonly leftOut?: number;
  readonly text?: TextJson;
  readonly items?: PlaceJson;
  readonly record?: RecordJson;
}

interface RecordJson {
  readonly entities: readonly number[];
  readonly empty: SightingsJson;
  readonly variants: readonly (readonly [string, FieldsJson])[];
  readonly untagged?: true;
  readonly values?: PlaceJson;
  readonly maps?: SightingsJson;
  readonly leftOut?: number;
}

interface FieldsJson {
  readonly bodies: SightingsJson;
  readonly members: readonly (readonly [string, MemberJson])[];
}

interface MemberJson {
  readonly none: SightingsJson;
  readonly some: SightingsJson;
  readonly place: PlaceJson;
}

export function placeJson(place: Place): PlaceJson {
  const { seen, known, kinds, big, leftOut, text, items, record } = place;
  return {
    seen: seen.toJSON(),
    known: known.toJSON(),
    kinds: [...kinds].map(([kind, sightings]) => [kind, sightings.toJSON()]),
    ...(big === 0 ? {} : { big }),
    ...(leftOut === 0 ? {} : { leftOut }),
    ...(text === null ? {} : { text: text.toJSON() }),
    ...(items === null ? {} : { items: placeJson(items) }),
    ...(record === null ? {} : { record: recordJson(record) }),
  };
}

function recordJson(record: RecordLessons): RecordJson {
  const { entities, empty, variants, isUntagged, values, maps, leftOut } = record;
  return {
    entities: entities.toJSON(),
    empty: empty.toJSON(),
    variants: [...variants].map(([tag, fields]) => [tag, fieldsJson(fields)]),
    ...(isUntagged ? { untagged: true } : {}),
    ...(values === null ? {} : { values: placeJson(values), maps: maps.toJSON() }),
    ...(leftOut === 0 ? {} : { leftOut }),
  };
}

function fieldsJson({ bodies, members }: Fields): FieldsJson {
  return {
    bodies: bodies.toJSON(),
    members: [...members].map(([key, { none, some, place }]) => [
      key,
      { none: none.toJSON(), some: some.toJSON(), place: placeJson(place) },
    ]),
  };
}

export function placeFromJson(json: PlaceJson): Place {
  const place = new Place();
  place.seen.merge(Sightings.fromJSON(json.seen));
  place.known.merge(Sightings.fromJSON(json.known));
  for (const [kind, seen] of json.kinds) place.kinds.set(kind, Sightings.fromJSON(seen));
  place.big = json.big ?? 0;
  place.leftOut = json.leftOut ?? 0;
  if (json.text !== undefined) place.text = TextLessons.fromJSON(json.text);
  if (json.items !== undefined) place.items = placeFromJson(json.items);
  if (json.record !== undefined) place.record = recordFromJson(json.record);
  return place;
}

function recordFromJson(json: RecordJson): RecordLessons {
  const record = new RecordLessons();
  record.entities.add(json.entities);
  record.empty.merge(Sightings.fromJSON(json.empty));
  record.isUntagged = json.untagged ?? false;
  record.leftOut = json.leftOut ?? 0;
  if (json.values !== undefined) record.values = placeFromJson(json.values);
  if (json.maps !== undefined) record.maps.merge(Sightings.fromJSON(json.maps));
  for (const [tag, fields] of json.variants) record.variants.set(tag, fieldsFromJson(fields));
  return record;
}

function fieldsFromJson(json: FieldsJson): Fields {
  const fields = new Fields();
  for (const [key, { none, some, place }] of json.members) {
    const member = new Member();
    member.none.merge(Sightings.fromJSON(none));
    member.some.merge(Sightings.fromJSON(some));
    member.place.merge(placeFromJson(place));
    fields.members.set(key, member);
  }
  fields.bodies.merge(Sightings.fromJSON(json.bodies));
  return fields;
}
