import type { Endpoint } from '@calltape/store';
import { EndpointLessons } from './endpoint-lessons.ts';
import { type EndpointJson, endpointFromJson, endpointJson } from './lessons-json.ts';
import type { LearnedCall } from './learned-call.ts';

const MOST_ENDPOINTS = 5000;

/** As it is kept: an endpoint each. */
export interface LessonsJson {
  readonly version: 1;
  readonly leftOut: number;
  readonly endpoints: readonly EndpointJson[];
}

/**
 * What was learned from calls: how often there was what at each place of the bodies of each endpoint.
 * Lessons of parts, merged in any order, are those of the whole as far as their bodies differ.
 */
export class Lessons {
  readonly #endpoints = new Map<string, EndpointLessons>();
  /** Calls of endpoints beyond the limit. */
  leftOut = 0;

  add(call: LearnedCall): void {
    const { method, origin, template } = call;
    const lessons = this.#lessonsOf({ method, origin, template });
    if (lessons === undefined) this.leftOut += 1;
    else lessons.learn(call);
  }

  merge(other: Lessons): void {
    this.leftOut += other.leftOut;
    for (const lessons of other.endpoints()) this.mergeEndpoint(lessons);
  }

  /** Takes what is known of one endpoint, such as a row that was kept. */
  mergeEndpoint(other: EndpointLessons): void {
    const lessons = this.#lessonsOf(other.endpoint);
    if (lessons === undefined) this.leftOut += other.calls.count;
    else lessons.merge(other);
  }

  endpoints(): readonly EndpointLessons[] {
    return [...this.#endpoints.values()];
  }

  toJSON(): LessonsJson {
    return { version: 1, leftOut: this.leftOut, endpoints: this.endpoints().map(endpointJson) };
  }

  static fromJSON(json: LessonsJson): Lessons {
    const lessons = new Lessons();
    lessons.leftOut = json.leftOut;
    for (const one of json.endpoints) lessons.mergeEndpoint(endpointFromJson(one));
    return lessons;
  }

  #lessonsOf(endpoint: Endpoint): EndpointLessons | undefined {
    const key = `${endpoint.method} ${endpoint.origin} ${endpoint.template}`;
    const known = this.#endpoints.get(key);
    if (known !== undefined) return known;
    if (this.#endpoints.size >= MOST_ENDPOINTS) return undefined;
    const lessons = new EndpointLessons(endpoint);
    this.#endpoints.set(key, lessons);
    return lessons;
  }
}
