import { type Round, Sightings, type SightingsJson } from './sightings.ts';
import { isTimeFormat, type TextFormat, textFormat } from './text-format.ts';

/** More different values than this, or a longer one, and any text may stand here. */
const MOST_VALUES = 40;
const MOST_LENGTH = 80;

export interface TextJson {
  readonly formats: readonly (readonly [TextFormat, SightingsJson])[];
  /** Null for open. */
  readonly values: readonly (readonly [string, SightingsJson])[] | null;
}

/** What the texts at one place have been. */
export class TextLessons {
  readonly formats: Map<TextFormat, Sightings> = new Map();
  /** By value; null once they were too many, or one no member of a set by its look. */
  values: Map<string, Sightings> | null = new Map();

  /** The last that was seen: mostly the next is like it. */
  #format: TextFormat | null = null;
  #sightings: Sightings | null = null;

  learn(text: string, round: Round): void {
    const format = textFormat(text);
    if (format !== this.#format) {
      this.#format = format;
      this.#sightings = sightingsOf(this.formats, format);
    }
    this.#sightings?.note(round);
    if (this.values === null) return;
    if (text.length > MOST_LENGTH || isFree(format)) this.values = null;
    else this.#noteValue(this.values, text, round);
  }

  merge(other: TextLessons): void {
    for (const [format, seen] of other.formats) sightingsOf(this.formats, format).merge(seen);
    if (other.values === null) this.values = null;
    for (const [text, seen] of other.values ?? []) {
      if (this.values === null) return;
      sightingsOf(this.values, text).merge(seen);
      if (this.values.size > MOST_VALUES) this.values = null;
    }
  }

  toJSON(): TextJson {
    return {
      formats: [...this.formats].map(([format, seen]) => [format, seen.toJSON()]),
      values:
        this.values === null ? null : [...this.values].map(([text, seen]) => [text, seen.toJSON()]),
    };
  }

  static fromJSON({ formats, values }: TextJson): TextLessons {
    const lessons = new TextLessons();
    for (const [format, seen] of formats) lessons.formats.set(format, Sightings.fromJSON(seen));
    lessons.values =
      values === null
        ? null
        : new Map(values.map(([text, seen]) => [text, Sightings.fromJSON(seen)]));
    return lessons;
  }

  #noteValue(values: Map<string, Sightings>, text: string, round: Round): void {
    sightingsOf(values, text).note(round);
    if (values.size > MOST_VALUES) this.values = null;
  }
}

/** Ids and moments are no members of a set, and differ between bodies that say the same. */
function isFree(format: TextFormat): boolean {
  return format === 'uuid' || format === 'id' || format === 'email' || isTimeFormat(format);
}

/** What was seen of `key`, made when it is new. */
export function sightingsOf<K>(all: Map<K, Sightings>, key: K): Sightings {
  const known = all.get(key);
  if (known !== undefined) return known;
  const sightings = new Sightings();
  all.set(key, sightings);
  return sightings;
}
