import type { Meaning } from './body-meaning.ts';
import { ExactNumber, canonicalJson, jsonDifferences } from './exact-json.ts';
import { partField } from './multipart.ts';
import { groupPairs } from './pairs.ts';
import type { Pair } from './pairs.ts';

/** One thing in which a recorded request is not the one that came. */
export interface Difference {
  readonly in: 'method' | 'host' | 'path' | 'query' | 'header' | 'body';
  /** The name in a query or form, a JSON Pointer, a part's number; empty for the whole. */
  readonly at: string;
  /** As text, shortened; null where there is nothing. */
  readonly recorded: string | null;
  readonly received: string | null;
  /** The place or part that makes no difference with `ignore`; null where there is none. */
  readonly fix: Fix | null;
}

/** What to leave out of matching: a place for `--ignore`, or a part that takes part no more. */
export type Fix = { readonly ignore: string } | { readonly match: '-body' | '-host' };

const NO_BODY: Fix = { match: '-body' };

const MAX_TEXT = 80;

/** Text cut to a length that a reader takes in, its true length added. */
export function shortened(text: string): string {
  return text.length <= MAX_TEXT
    ? text
    : `${text.slice(0, MAX_TEXT)}... (${text.length} characters)`;
}

/** A string without quotes, unless it would then look like another JSON value. */
function jsonText(value: unknown): string | null {
  if (value === undefined) return null;
  if (value instanceof ExactNumber) return shortened(value.text);
  const plain = typeof value === 'string' && /^[^\s\d"[{-]/.test(value);
  if (plain && !/^(?:true|false|null)$/.test(value)) return shortened(value);
  return shortened(canonicalJson(value));
}

/** The names whose values are not the same ones in the same order. */
export function* pairDifferences(
  where: 'query' | 'form',
  recorded: readonly Pair[],
  received: readonly Pair[],
): Generator<Difference> {
  const was = groupPairs(recorded);
  const is = groupPairs(received);
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const before = was.get(name)?.join(', ');
    const now = is.get(name)?.join(', ');
    const same = JSON.stringify(was.get(name)) === JSON.stringify(is.get(name));
    if (same) continue;
    yield {
      in: where === 'query' ? where : 'body',
      at: shortened(name),
      recorded: before === undefined ? null : shortened(before),
      received: now === undefined ? null : shortened(now),
      fix: name === '' ? null : { ignore: `${where}:${name}` },
    };
  }
}

function describe(meaning: Meaning): string {
  if (meaning.kind === 'json') return 'JSON';
  if (meaning.kind === 'form') return `a form of ${meaning.pairs.length} fields`;
  if (meaning.kind === 'multipart') return `a multipart body of ${meaning.parts.length - 2} parts`;
  return meaning.bytes.length === 0 ? 'no body' : `${meaning.bytes.length} bytes`;
}

/** A field that both have in this place can be left out by its name. */
function partFix(recorded = '', received = ''): Fix {
  const name = partField(recorded)?.name;
  const isField = name !== undefined && name !== '' && partField(received)?.name === name;
  return isField ? { ignore: `form:${name}` } : NO_BODY;
}

function* partDifferences(
  recorded: readonly string[],
  received: readonly string[],
): Generator<Difference> {
  const count = Math.max(recorded.length, received.length);
  for (let at = 0; at < count; at += 1) {
    const was = recorded[at];
    const is = received[at];
    if (was === is) continue;
    yield {
      in: 'body',
      at: `part ${at}`,
      recorded: was === undefined ? null : shortened(was.trim()),
      received: is === undefined ? null : shortened(is.trim()),
      fix: partFix(was, is),
    };
  }
}

function bytesDifference(recorded: Uint8Array, received: Uint8Array): Difference {
  let at = 0;
  while (at < recorded.length && recorded[at] === received[at]) at += 1;
  return {
    in: 'body',
    at: `byte ${at}`,
    recorded: `${recorded.length} bytes`,
    received: `${received.length} bytes`,
    fix: NO_BODY,
  };
}

/** Where two request bodies differ; lazily, so that a reader may stop early. */
export function* bodyDifferences(recorded: Meaning, received: Meaning): Generator<Difference> {
  if (recorded.kind === 'json' && received.kind === 'json') {
    for (const { pointer, ...values } of jsonDifferences(recorded.value, received.value)) {
      yield {
        in: 'body',
        at: shortened(pointer),
        recorded: jsonText(values.recorded),
        received: jsonText(values.received),
        fix: pointer === '' ? NO_BODY : { ignore: `json:${pointer}` },
      };
    }
  } else if (recorded.kind === 'form' && received.kind === 'form') {
    yield* pairDifferences('form', recorded.pairs, received.pairs);
  } else if (recorded.kind === 'multipart' && received.kind === 'multipart') {
    yield* partDifferences(recorded.parts, received.parts);
  } else if (recorded.kind !== 'bytes' || received.kind !== 'bytes') {
    const [was, is] = [describe(recorded), describe(received)];
    yield { in: 'body', at: '', recorded: was, received: is, fix: NO_BODY };
  } else if (Buffer.compare(recorded.bytes, received.bytes) !== 0) {
    yield bytesDifference(recorded.bytes, received.bytes);
  }
}
