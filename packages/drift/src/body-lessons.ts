import { BodyPrint } from './body-print.ts';
import { mix } from './hash-text.ts';
import { HashMemory } from './hash-memory.ts';
import { learnBody, type Room } from './learn-body.ts';
import { MOST_PLACES } from './limits.ts';
import type { Unlearned } from './parse-body.ts';
import { countPlaces } from './count-places.ts';
import { Place } from './shape.ts';
import { type Example, Sightings } from './sightings.ts';
import { sightingsOf } from './text-lessons.ts';

/** What bodies of one direction, status and media type have been. */
export class BodyLessons {
  /** Those learned from, and those that said the same as one before. */
  readonly bodies: Sightings = new Sightings();
  /** Those without anything to learn from, by the reason. */
  readonly unlearned: Map<Unlearned, Sightings> = new Map();
  root: Place = new Place();
  readonly known: HashMemory = new HashMemory(1024);
  readonly #room: Room = { places: MOST_PLACES };

  /**
   * @param about - A hash of what was asked; the same answer to another question is another one.
   */
  learn(body: unknown, about: number, call: Example): void {
    this.bodies.note({ id: call.id, at: call.at, serial: this.bodies.count + 1 });
    const print = new BodyPrint(body);
    if (this.known.isNew(mix(print.hash, about))) {
      learnBody(this.root, body, print, call, this.#room);
    }
  }

  skip(reason: Unlearned, call: Example): void {
    const sightings = sightingsOf(this.unlearned, reason);
    sightings.note({ ...call, serial: sightings.count + 1 });
  }

  /** Puts in what was kept, or was learned elsewhere. */
  merge(other: BodyLessons): void {
    this.bodies.merge(other.bodies);
    for (const [reason, seen] of other.unlearned) sightingsOf(this.unlearned, reason).merge(seen);
    this.root.merge(other.root);
    this.known.merge(other.known);
    this.#room.places = MOST_PLACES - countPlaces(this.root);
  }
}
