import type { Exchange } from '@calltape/store';
import { meaningOf } from './body-meaning.ts';
import type { Meaning } from './body-meaning.ts';
import { contentOf } from './call.ts';
import type { Call } from './call.ts';
import { ExactNumber, jsonDifferences } from './exact-json.ts';
import { partField } from './multipart.ts';
import { groupPairs, queryPairs } from './pairs.ts';
import type { Pair } from './pairs.ts';
import { recordedContent } from './recording.ts';
import type { Recording } from './recording.ts';
import type { SecretPlaces } from './secret-places.ts';
import { splitTarget } from './target.ts';

/** A value of a request that is not the recorded one. */
export interface RequestChange {
  /** The names at which an answer may say it again, in the form of {@link plainName}. */
  readonly names: ReadonlySet<string>;
  /** JSON Pointer in the request's body; empty for a value from elsewhere. */
  readonly pointer: string;
  readonly recorded: string;
  readonly received: string;
  /** Stands for itself wherever it is: long enough not to be there by chance. */
  readonly isUnique: boolean;
}

/** The most differences that are looked at. */
const MOST_CHANGES = 200;
const NONE: readonly never[] = [];
const UNIQUE_LENGTH = 8;
const SURELY_UNIQUE_LENGTH = 20;

/** A name without what is only a manner of writing: `customerId`, `customer_id` and `Customer-ID`. */
export function plainName(name: string): string {
  return name.replaceAll(/[_\-\s]/g, '').toLowerCase();
}

function isUnique(text: string): boolean {
  if (text.length >= SURELY_UNIQUE_LENGTH) return true;
  return text.length >= UNIQUE_LENGTH && /\d|@/.test(text);
}

function change(
  names: readonly string[],
  pointer: string,
  recorded: string,
  received: string,
): RequestChange {
  const all = new Set(names.map(plainName));
  return { names: all, pointer, recorded, received, isUnique: isUnique(recorded) };
}

/** The text of a value that is no object and no array. */
function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof ExactNumber) return value.text;
  return typeof value === 'boolean' || value === null ? String(value) : undefined;
}

function nameAt(pointer: string): string {
  const names = pointer.split('/').filter((name) => !/^\d*$/.test(name));
  return (names.at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
}

/** `metadata[order]` is about the order. */
function fieldName(name: string): string {
  const inner = /\[([^\]]+)\](?:\[\d*\])*$/.exec(name)?.[1];
  return inner ?? name;
}

function* pairChanges(was: readonly Pair[], is: readonly Pair[]): Generator<RequestChange> {
  const received = groupPairs(is);
  for (const [name, values] of groupPairs(was)) {
    const others = received.get(name);
    if (others?.length !== values.length) continue;
    for (const [at, value] of values.entries()) {
      const other = others[at] ?? value;
      if (other !== value) yield change([fieldName(name)], '', value, other);
    }
  }
}

/** The fields of a form in parts; files are no values that an answer says again. */
function fieldPairs(parts: readonly string[]): Pair[] {
  return parts
    .map((part) => partField(part))
    .filter((field) => field !== undefined)
    .map(({ name, value }) => [name, Buffer.from(value, 'latin1').toString()]);
}

function* bodyChanges(was: Meaning, is: Meaning): Generator<RequestChange> {
  if (was.kind === 'form' && is.kind === 'form') yield* pairChanges(was.pairs, is.pairs);
  if (was.kind === 'multipart' && is.kind === 'multipart') {
    yield* pairChanges(fieldPairs(was.parts), fieldPairs(is.parts));
  }
  if (was.kind !== 'json' || is.kind !== 'json') return;
  for (const { pointer, recorded, received } of jsonDifferences(was.value, is.value)) {
    const [before, now] = [scalarText(recorded), scalarText(received)];
    if (before !== undefined && now !== undefined) {
      yield change([nameAt(pointer)], pointer, before, now);
    }
  }
}

/** In which values of JSON another text is not the recorded one. */
export function contentChanges(recorded: Uint8Array, received: Uint8Array): RequestChange[] {
  const [was, is] = [recorded, received].map((bytes) =>
    meaningOf({ bytes, size: bytes.length, type: '', coding: '' }),
  );
  if (was === undefined || is === undefined) return [];
  return Array.from(bodyChanges(was, is)).slice(0, MOST_CHANGES);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** How the id in `/customers/42` may be called in an answer. */
function idNames(collection: string): string[] {
  const one = collection.replace(/ies$/, 'y').replace(/(?<=s|x|ch|sh)es$|(?<!s)s$/, '');
  return ['id', 'uuid', 'key', 'slug', 'name', 'code', '_id', one, `${one}id`, `${one}key`];
}

function* pathChanges(was: string, is: string): Generator<RequestChange> {
  const [recorded, received] = [was.split('/'), is.split('/')];
  if (recorded.length !== received.length) return;
  for (const [at, segment] of recorded.entries()) {
    const other = received[at] ?? segment;
    if (other === segment || segment === '' || other === '') continue;
    yield change(idNames(recorded[at - 1] ?? ''), '', decoded(segment), decoded(other));
    // The way to a thing stands for it, however short its id is.
    const [from, to] = [recorded, received].map((path) => path.slice(0, at + 1).join('/'));
    if (from === undefined || to === undefined || at < 2) continue;
    yield { names: new Set(), pointer: '', recorded: from, received: to, isUnique: true };
  }
}

function* allChanges(
  { target, method }: Recording,
  call: Call,
  was: Meaning,
  is: Meaning,
  secrets: SecretPlaces,
): Generator<RequestChange> {
  const recorded = splitTarget(secrets.target(target));
  const received = splitTarget(secrets.target(call.target));
  if (method !== call.method) return;
  yield* pathChanges(recorded.path, received.path);
  yield* pairChanges(queryPairs(recorded.query), queryPairs(received.query));
  yield* bodyChanges(was, is);
}

/** Whether a request is the recorded one, letter for letter, as far as a recording is found by it. */
export function isAsRecorded(recording: Recording, call: Call): boolean {
  if (recording.target !== call.target) return false;
  const bytes = recording.requestContent;
  if (bytes.length !== call.body.length) return false;
  return bytes.length === 0 || Buffer.compare(bytes, call.body) === 0;
}

/** In which values a request is not the recorded one. Secrets are left out: theirs are placeholders. */
export function changesOf(
  recording: Recording,
  call: Call,
  secrets: SecretPlaces,
): readonly RequestChange[] {
  if (isAsRecorded(recording, call)) return [];
  const was = meaningOf(secrets.content(recordedContent(recording)));
  const is = meaningOf(secrets.content(contentOf(call)));
  return Array.from(allChanges(recording, call, was, is, secrets))
    .filter(({ recorded, received }) => recorded !== received)
    .slice(0, MOST_CHANGES);
}

/** Fields whose recorded value and that of an answer agree for other reasons, or are secret. */
const NO_ECHO =
  /^(?:host|user-agent|accept.*|content-.*|connection|cache-control|pragma|date|cookie|.*authorization|sec-.*|te|upgrade.*|via|dnt)$/;

/** The names and values of request fields that the answer says again, whole. */
export function echoedFields({
  request,
  response,
}: Exchange): readonly (readonly [string, string])[] {
  const said = new Set(response?.headers.map(([, value]) => value));
  const echoed = request.headers.filter(
    ([name, value]) => said.has(value) && isEchoable(name.toLowerCase(), value),
  );
  if (echoed.length === 0) return NONE;
  return echoed.map(([name, value]) => [name.toLowerCase(), value]);
}

function isEchoable(name: string, value: string): boolean {
  if (name === 'origin' || name.startsWith('access-control-request-')) return true;
  return !NO_ECHO.test(name) && isUnique(value);
}
