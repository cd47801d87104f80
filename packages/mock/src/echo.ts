import { isUtf8 } from 'node:buffer';
import { jsonString } from '@calltape/store';
import type { JsonPlace, TextEdit } from '@calltape/store';
import {
  byteText,
  changedValues,
  textOfBytes,
  withEditedBody,
  withEditedFields,
  withEdits,
} from './body-edit.ts';
import type { ScopedChanges } from './echo-memory.ts';
import { pointerOf } from './exact-json.ts';
import { isJson, jsonEdits } from './json-edits.ts';
import { plainName } from './request-changes.ts';
import type { RequestChange } from './request-changes.ts';
import type { Plan } from './step.ts';
import { wordEdits } from './words.ts';
import type { Replacement } from './words.ts';

/** Fields in which no value of a request is said again. */
const NEVER: ReadonlySet<string> = new Set(['content-length', 'date', 'set-cookie', 'etag']);

const JSON_SCALAR = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/** RFC 9110 section 5.5. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

function replacements(changes: readonly RequestChange[]): Replacement[] {
  return changes
    .filter(({ isUnique }) => isUnique)
    .map(({ recorded, received }) => [byteText(recorded), byteText(received)]);
}

function withWords(text: string, words: readonly Replacement[]): string {
  return words.length === 0 ? text : withEdits(text, wordEdits(text, words));
}

/** The one value that has come for a recorded one at this place; undefined when it is open which. */
function receivedAt(
  value: string,
  place: JsonPlace,
  changes: readonly RequestChange[],
): string | undefined {
  const fitting = changes.filter(({ recorded }) => recorded === value);
  if (fitting.length === 0) return undefined;
  const name = plainName(place.name);
  const named = fitting.filter(({ names }) => names.has(name));
  const likely = named.length > 0 ? named : fitting.filter(({ isUnique }) => isUnique);
  if (new Set(likely.map(({ received }) => received)).size < 2) return likely[0]?.received;
  const at = pointerOf(place.path);
  return likely.find(({ pointer }) => pointer !== '' && at.endsWith(pointer))?.received;
}

/** What to say in the place of values: of the request itself, then what is remembered of its things. */
class Echo {
  readonly #own: readonly RequestChange[];
  readonly #known: ScopedChanges | null;
  readonly #words: readonly Replacement[];

  constructor(own: readonly RequestChange[], known: ScopedChanges | null) {
    this.#own = own;
    this.#known = known;
    this.#words = replacements([...own, ...(known?.everywhere ?? [])]);
  }

  edits(text: string, type: string): TextEdit[] {
    if (!isJson(type, text) && type !== 'text/event-stream') return wordEdits(text, this.#words);
    return jsonEdits(text, type, (raw, isString, place) => this.#value(raw, isString, place));
  }

  #value(raw: string, isString: boolean, place: JsonPlace): string {
    const value = isString ? jsonString(textOfBytes(raw)) : raw;
    const received =
      receivedAt(value, place, this.#own) ?? receivedAt(value, place, this.#remembered(place));
    if (!isString) return received !== undefined && JSON_SCALAR.test(received) ? received : raw;
    const text = received ?? textOfBytes(withWords(byteText(value), this.#words));
    return text === value ? raw : byteText(JSON.stringify(text).slice(1, -1));
  }

  #remembered({ path }: JsonPlace): readonly RequestChange[] {
    if (this.#known === null) return [];
    const { everywhere, below } = this.#known;
    if (below.size === 0) return everywhere;
    // What is said nearest to the value is about it most likely.
    const around = path.map((_, count) => below.get(pointerOf(path.slice(0, count))) ?? []);
    return [...around.toReversed().flat(), ...everywhere];
  }
}

/**
 * Says what has come in the places of an answer where the recorded one says what was sent then: at a
 * member of the same name, or anywhere when the value is long and odd enough. Returns the plan it was
 * given when there is nothing to say again.
 *
 * @param changes - In what the request is not the recorded one.
 * @param about - What is known of the things that a text speaks of; null when nothing is.
 */
export function echoed(
  plan: Plan,
  changes: readonly RequestChange[],
  about: ((text: string) => ScopedChanges) | null = null,
): Plan {
  if (changes.length === 0 && about === null) return plan;
  const known = about === null ? [] : about('').everywhere;
  const sendable = replacements([...changes, ...known]).filter(([, put]) => FIELD_VALUE.test(put));
  const fields = withEditedFields(plan, (headers) =>
    changedValues(headers, (name, value) => (NEVER.has(name) ? value : withWords(value, sendable))),
  );
  return withEditedBody(fields, (text, type) =>
    new Echo(changes, about === null ? null : about(textOfBytes(text))).edits(text, type),
  );
}

/** The same for content by itself that is JSON or plain text. */
export function echoedContent(bytes: Uint8Array, changes: readonly RequestChange[]): Uint8Array {
  if (changes.length === 0 || !isUtf8(bytes)) return bytes;
  const text = Buffer.from(bytes).toString('latin1');
  const edits = new Echo(changes, null).edits(text, '');
  return edits.length === 0 ? bytes : Buffer.from(withEdits(text, edits), 'latin1');
}

/**
 * The same for values that the recorded answer has in a field of its own exactly as the request had
 * them: an idempotency key, a correlation id, an origin.
 *
 * @param said - Name, in lower case, and recorded value of the request's fields.
 * @param received - The first value of a field of the request that came.
 */
export function withFieldsEchoed(
  plan: Plan,
  said: readonly (readonly [name: string, value: string])[],
  received: (name: string) => string | undefined,
): Plan {
  const values = new Map<string, string>();
  for (const [name, value] of said) {
    const now = received(name);
    if (now !== undefined && now !== value && FIELD_VALUE.test(now)) values.set(value, now);
  }
  if (values.size === 0) return plan;
  return withEditedFields(plan, (headers) =>
    changedValues(headers, (name, value) =>
      NEVER.has(name) ? value : (values.get(value) ?? value),
    ),
  );
}
