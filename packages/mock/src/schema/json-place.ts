import type { JsonChild, JsonNode } from './json-tree.ts';

/** A member or item of a JSON value, and the way to it. */
export interface JsonPlace {
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string;
  /** The pointer with `*` for every index of an array: the same for all items of a list. */
  readonly pattern: string;
  readonly parent: JsonNode;
  /** Which child of its parent it is. */
  readonly at: number;
  readonly child: JsonChild;
}

/** Most places of one content that are looked at. */
const MOST_PLACES = 20_000;

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function* below(parent: JsonNode, pointer: string, pattern: string): Generator<JsonPlace> {
  for (const [at, child] of parent.children.entries()) {
    const key = escaped(child.key);
    const place = {
      pointer: `${pointer}/${key}`,
      pattern: `${pattern}/${parent.kind === 'array' ? '*' : key}`,
      parent,
      at,
      child,
    };
    yield place;
    yield* below(child.value, place.pointer, place.pattern);
  }
}

/** Every place of a JSON value, each before those inside it; of a very large one the first. */
export function placesOf(root: JsonNode): JsonPlace[] {
  const places: JsonPlace[] = [];
  for (const place of below(root, '', '')) {
    places.push(place);
    if (places.length === MOST_PLACES) break;
  }
  return places;
}

/** Reads a pointer in which `*` stands for every item of an array; undefined when it is none. */
export function parsePointer(text: string): readonly string[] | undefined {
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The children that a step of a pointer means; of a name that is there twice the last. */
function childrenAt(node: JsonNode, key: string): number[] {
  if (node.kind === 'array' && key === '*') return [...node.children.keys()];
  const at = node.children.findLastIndex((child) => child.key === key);
  return at === -1 ? [] : [at];
}

function* along(
  parent: JsonNode,
  keys: readonly string[],
  pointer: string,
  pattern: string,
): Generator<JsonPlace> {
  const [key, ...rest] = keys;
  if (key === undefined) return;
  for (const at of childrenAt(parent, key)) {
    const child = parent.children[at];
    if (child === undefined) continue;
    const name = escaped(child.key);
    const place = {
      pointer: `${pointer}/${name}`,
      pattern: `${pattern}/${parent.kind === 'array' ? '*' : name}`,
      parent,
      at,
      child,
    };
    if (rest.length === 0) yield place;
    else yield* along(child.value, rest, place.pointer, place.pattern);
  }
}

/** The places that a pointer leads to. */
export function placesAt(root: JsonNode, keys: readonly string[]): JsonPlace[] {
  return [...along(root, keys, '', '')];
}
