import { exactJsonText, plainNumbers } from '../exact-json.ts';
import type { Random } from '../random.ts';
import type { SourceNode } from '../source-node.ts';
import type { OpenApiDocument } from './document.ts';
import { ValueMaker } from './drawn-value.ts';
import type { Direction } from './hidden-members.ts';

/** A media type that an operation answers with. */
export interface Media {
  readonly type: string;
  /** The contents that stand in the description; none where it has only a schema. */
  readonly examples: readonly Uint8Array[];
  /** Makes content from the schema. */
  readonly drawn: (random: Random) => Uint8Array;
}

const JSON_TYPE = /^[^;]*[/+]json\b/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;
const TEXT_TYPE = /^text\//i;

function written(type: string, value: unknown): string | undefined {
  if (JSON_TYPE.test(type)) return exactJsonText(value);
  if (typeof value === 'string') return value;
  if (FORM_TYPE.test(type) && typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([name, one]): [string, string] => [name, String(one)]);
    return new URLSearchParams(pairs).toString();
  }
  return undefined;
}

function exampleValues(media: SourceNode, document: OpenApiDocument): unknown[] {
  if (media.has('example')) return [media.get('example').value];
  return media
    .get('examples')
    .members()
    .map(([, node]) => document.followed(node))
    .filter((node) => node.has('value'))
    .map((node) => node.get('value').value);
}

/** Ranges such as `application/*` name no type to answer with. */
function concrete(range: string): string {
  if (!range.includes('*')) return range;
  return range.startsWith('text/') ? 'text/plain' : 'application/json';
}

/** Undefined where nothing can be answered in that type: XML is written by examples alone. */
export function readMedia(
  range: string,
  media: SourceNode,
  document: OpenApiDocument,
  direction: Direction = 'response',
): Media | undefined {
  const type = concrete(range);
  const texts = exampleValues(media, document).map((value) => written(type, value));
  const examples = texts.flatMap((text) => (text === undefined ? [] : [Buffer.from(text)]));
  const schema = plainNumbers(media.get('schema').value);
  const isMade = JSON_TYPE.test(type) || TEXT_TYPE.test(type) || FORM_TYPE.test(type);
  if (examples.length === 0 && (schema === undefined || !isMade)) return undefined;
  const drawn = (random: Random): Uint8Array => {
    const value = drawnValue(schema, document, random, direction);
    return Buffer.from(written(type, value) ?? String(value));
  };
  return { type, examples, drawn };
}

const DRAWS = 20;

/** A value of a schema. @throws NoValue or WrongPattern when there is none. */
export function drawnValue(
  schema: unknown,
  { resolve }: OpenApiDocument,
  random: Random,
  direction: Direction = 'response',
): unknown {
  for (let n = 1; n < DRAWS; n += 1) {
    const value = attempt(() => new ValueMaker(resolve, random, direction).value(schema));
    if (value !== FAILED) return value;
  }
  return new ValueMaker(resolve, random, direction).value(schema);
}

const FAILED = Symbol('failed');

function attempt(make: () => unknown): unknown {
  try {
    return make();
  } catch {
    return FAILED;
  }
}
