import { header } from '@calltape/store';
import type { RulesAbout } from './armed-rule.ts';
import type { Call } from './call.ts';
import { fieldValue } from './flat-headers.ts';
import type { Matching } from './matching.ts';
import type { Recording } from './recording.ts';

const SOMETIMES_COMPARED = ['accept', 'content-type'];

/** The media types of a field without parameters that change nothing, such as a boundary. */
function normal(name: string, value: string): string {
  const text = value.trim().toLowerCase();
  return name === 'content-type' ? text.replace(/\s*;.*$/s, '') : text.replaceAll(/\s+/g, '');
}

function sameAnswer(a: Recording, b: Recording): boolean {
  const [one, other] = [a.exchange.response, b.exchange.response];
  if (one === null || other === null) return one === other;
  return one.status === other.status && Buffer.compare(one.body.bytes, other.body.bytes) === 0;
}

/** Whether all of some recordings have the same status and content. */
export function allAnswerAlike(recordings: readonly Recording[]): boolean {
  const [first] = recordings;
  return first === undefined || recordings.every((recording) => sameAnswer(first, recording));
}

/** Those of the run of a recorder that began last to record them. */
function ofLatestRun(recordings: readonly Recording[]): readonly Recording[] {
  const [first] = recordings;
  if (first === undefined) return recordings;
  if (recordings.every(({ run }) => run === first.run)) return recordings;
  const latest = recordings.reduce((a, b) =>
    b.exchange.startedAt >= a.exchange.startedAt ? b : a,
  );
  return recordings.filter(({ run }) => run === latest.run);
}

/** Recordings of the same request. */
export class Group {
  /** In the order they were made. */
  readonly recordings: Recording[];
  /** How many answers of the sequence clients have had. */
  used = 0;
  /** Null before rules were looked for. */
  rules: RulesAbout | null = null;
  readonly #matching: Matching;
  readonly #kind: string;
  #key: string | null = null;
  #sequence: readonly Recording[] | null = null;
  #compared: readonly string[] | null = null;
  #variants: ReadonlyMap<string, Group> | null = null;

  /** @param kind - What else than its recordings tells it from other groups. */
  constructor(matching: Matching, recordings: Recording[], kind = '') {
    this.#matching = matching;
    this.recordings = recordings;
    this.#kind = kind;
  }

  /** Names the group: the same in every thread that has loaded the same tapes. */
  get key(): string {
    this.#key ??= JSON.stringify([
      'group',
      this.#kind,
      ...this.recordings.map(({ tape, id }) => [tape, id]),
    ]);
    return this.#key;
  }

  /** What is played, in this order: what the latest run of a recorder has of this request. */
  get sequence(): readonly Recording[] {
    this.#sequence ??= ofLatestRun(this.recordings);
    return this.#sequence;
  }

  /** The header fields that tell these recordings apart. */
  get comparedHeaders(): readonly string[] {
    this.#compared ??= this.#findCompared();
    return this.#compared;
  }

  /** The recordings that have the call's values of the header fields that take part. */
  variantFor(call: Call): Group | undefined {
    if (this.comparedHeaders.length === 0) return this;
    this.#variants ??= this.#makeVariants();
    const values = this.comparedHeaders.map((name) => valueOf(call, name));
    const variant = this.#variants.get(JSON.stringify(values));
    // Who accepts anything has no opinion on which.
    const isOpen = values.every((value, at) => {
      const name = this.comparedHeaders[at] ?? '';
      return !this.#matching.headers.includes(name) && (value === '' || value === '*/*');
    });
    return variant ?? (isOpen ? this : undefined);
  }

  /** This group in parts with the same values of the header fields that take part. */
  variants(): readonly Group[] {
    if (this.comparedHeaders.length === 0) return [this];
    this.#variants ??= this.#makeVariants();
    return [...this.#variants.values()];
  }

  #findCompared(): readonly string[] {
    const { headers, leftOut } = this.#matching;
    if (this.recordings.length < 2) return headers;
    const sometimes = SOMETIMES_COMPARED.filter(
      (name) => !leftOut.has(name) && !headers.includes(name) && this.#dependsOn(name),
    );
    return sometimes.length === 0 ? headers : [...headers, ...sometimes];
  }

  #dependsOn(name: string): boolean {
    const values = new Set(this.recordings.map((recording) => recordedValue(recording, name)));
    return values.size > 1 && !allAnswerAlike(this.recordings);
  }

  #makeVariants(): ReadonlyMap<string, Group> {
    const variants = new Map<string, Group>();
    for (const recording of this.recordings) {
      const key = JSON.stringify(
        this.comparedHeaders.map((name) => recordedValue(recording, name)),
      );
      const known = variants.get(key);
      if (known !== undefined) {
        known.recordings.push(recording);
        continue;
      }
      const variant = new Group(this.#matching, [recording], `variant ${this.#kind}`);
      variant.#compared = this.comparedHeaders;
      variants.set(key, variant);
    }
    return variants;
  }
}

/** The value of a field of a call as it is compared. */
export function valueOf({ headers, body }: Call, name: string): string {
  if (name === 'content-type' && body.length === 0) return '';
  return normal(name, fieldValue(headers, name) ?? '');
}

/** The value of a field of a recorded request as it is compared. */
export function recordedValue({ exchange }: Recording, name: string): string {
  const { headers, body } = exchange.request;
  // No content is no content, whatever type a client names for it.
  if (name === 'content-type' && body.size === 0) return '';
  return normal(name, header(headers, name) ?? '');
}
