import type { Endpoint } from '@calltape/store';
import { BodyLessons } from './body-lessons.ts';
import { EndpointLessons } from './endpoint-lessons.ts';
import { MessageLessons } from './message-lessons.ts';
import type { Unlearned } from './parse-body.ts';
import { type PlaceJson, placeFromJson, placeJson } from './shape-json.ts';
import { Sightings, type SightingsJson } from './sightings.ts';

/** What is known of one endpoint, as it is kept. */
export interface EndpointJson {
  readonly endpoint: Endpoint;
  readonly calls: SightingsJson;
  readonly leftOut: number;
  readonly requests: MessageJson;
  readonly responses: readonly (readonly [number, MessageJson])[];
}

type Counted<K> = readonly (readonly [K, SightingsJson])[];

interface MessageJson {
  readonly calls: SightingsJson;
  readonly headers: Counted<string>;
  readonly mediaTypes: Counted<string>;
  readonly empty: SightingsJson;
  readonly filled: SightingsJson;
  readonly bodies: readonly (readonly [string, BodyJson])[];
}

interface BodyJson {
  readonly bodies: SightingsJson;
  readonly unlearned: Counted<Unlearned>;
  readonly known: readonly number[];
  readonly root: PlaceJson;
}

export function endpointJson(lessons: EndpointLessons): EndpointJson {
  const { endpoint, calls, leftOut, requests, responses } = lessons;
  return {
    endpoint,
    calls: calls.toJSON(),
    leftOut,
    requests: messageJson(requests),
    responses: [...responses].map(([status, answers]) => [status, messageJson(answers)]),
  };
}

function messageJson(lessons: MessageLessons): MessageJson {
  return {
    calls: lessons.calls.toJSON(),
    headers: counted(lessons.headers),
    mediaTypes: counted(lessons.mediaTypes),
    empty: lessons.empty.toJSON(),
    filled: lessons.filled.toJSON(),
    bodies: [...lessons.bodies].map(([type, bodies]) => [type, bodyJson(bodies)]),
  };
}

function bodyJson({ bodies, unlearned, known, root }: BodyLessons): BodyJson {
  return {
    bodies: bodies.toJSON(),
    unlearned: counted(unlearned),
    known: known.toJSON(),
    root: placeJson(root),
  };
}

function counted<K>(all: ReadonlyMap<K, Sightings>): Counted<K> {
  return [...all].map(([key, seen]) => [key, seen.toJSON()]);
}

export function endpointFromJson(json: EndpointJson): EndpointLessons {
  const lessons = new EndpointLessons(json.endpoint);
  lessons.calls.merge(Sightings.fromJSON(json.calls));
  lessons.leftOut = json.leftOut;
  fillMessage(lessons.requests, json.requests);
  for (const [status, answers] of json.responses) fillMessage(lessons.answersOf(status), answers);
  return lessons;
}

function fillMessage(lessons: MessageLessons, json: MessageJson): void {
  lessons.calls.merge(Sightings.fromJSON(json.calls));
  lessons.empty.merge(Sightings.fromJSON(json.empty));
  lessons.filled.merge(Sightings.fromJSON(json.filled));
  fillCounted(lessons.headers, json.headers);
  fillCounted(lessons.mediaTypes, json.mediaTypes);
  for (const [type, bodies] of json.bodies) lessons.bodiesOf(type).merge(bodyFromJson(bodies));
}

function bodyFromJson(json: BodyJson): BodyLessons {
  const lessons = new BodyLessons();
  lessons.bodies.merge(Sightings.fromJSON(json.bodies));
  fillCounted(lessons.unlearned, json.unlearned);
  lessons.known.add(json.known);
  lessons.root = placeFromJson(json.root);
  return lessons;
}

function fillCounted<K>(into: Map<K, Sightings>, json: Counted<K>): void {
  for (const [key, seen] of json) into.set(key, Sightings.fromJSON(seen));
}
