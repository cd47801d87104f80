import { pointer } from './clue.ts';
import { followed, isNode, type Node } from './json-node.ts';
import { MOST_DEPTH, MOST_ITEMS } from './limits.ts';

/** What schemas that may all apply to a value know of its parts. */
interface Known {
  readonly properties: Map<string, unknown[]>;
  readonly items: unknown[];
  /** Schemas of the members without a name. */
  readonly additional: unknown[];
  /** Whether members that have no name in it are as good. */
  isOpen: boolean;
  isObject: boolean;
}

const COMPOSED = ['allOf', 'anyOf', 'oneOf'] as const;

/** Finds members of objects that a document knows nothing of, though it knows others there. */
export class UnknownKeys {
  readonly #document: Node;
  readonly #known = new Map<unknown, Known>();

  constructor(document: Node) {
    this.#document = document;
  }

  /** JSON Pointers of them, with `*` for items and keys of maps. */
  find(schema: unknown, value: unknown): Set<string> {
    const found = new Set<string>();
    this.#walk([schema], value, '', 0, found);
    return found;
  }

  #walk(
    schemas: readonly unknown[],
    value: unknown,
    at: string,
    depth: number,
    found: Set<string>,
  ): void {
    if (depth > MOST_DEPTH || typeof value !== 'object' || value === null) return;
    const known = this.#all(schemas);
    if (Array.isArray(value)) {
      for (const item of known.items.length === 0 ? [] : value.slice(0, MOST_ITEMS)) {
        this.#walk(known.items, item, `${at}/*`, depth + 1, found);
      }
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      const named = known.properties.get(key);
      const further = named ?? known.additional;
      if (further.length > 0) {
        const place = named === undefined ? `${at}/*` : pointer(at, key);
        this.#walk(further, member, place, depth + 1, found);
      } else if (isUnknown(known)) found.add(pointer(at, key));
    }
  }

  #all(schemas: readonly unknown[]): Known {
    const [only] = schemas;
    const kept = schemas.length === 1 ? this.#known.get(only) : undefined;
    if (kept !== undefined) return kept;
    const known: Known = {
      properties: new Map(),
      items: [],
      additional: [],
      isOpen: false,
      isObject: false,
    };
    for (const schema of schemas) this.#add(schema, known, 0);
    if (schemas.length === 1) this.#known.set(only, known);
    return known;
  }

  #add(given: unknown, known: Known, depth: number): void {
    const schema = followed(this.#document, given);
    if (!isNode(schema) || depth > MOST_DEPTH) {
      known.isOpen = true;
      return;
    }
    addMembers(schema, known);
    const parts = partsOf(schema);
    // An object of which nothing more is said may have anything.
    const isFree = schema['type'] === 'object' && !isNode(schema['properties']);
    if (isFree && parts.length === 0) known.isOpen = true;
    for (const part of parts) this.#add(part, known, depth + 1);
  }
}

function isUnknown({ isObject, isOpen }: Known): boolean {
  return isObject && !isOpen;
}

function partsOf(schema: Node): readonly unknown[] {
  return COMPOSED.flatMap((keyword): readonly unknown[] => {
    const parts = schema[keyword];
    return Array.isArray(parts) ? parts : [];
  });
}

function addMembers(schema: Node, known: Known): void {
  const { properties, items, additionalProperties: additional, patternProperties } = schema;
  if (isNode(properties)) {
    known.isObject = true;
    for (const [key, one] of Object.entries(properties)) {
      known.properties.set(key, [...(known.properties.get(key) ?? []), one]);
    }
  }
  if (isNode(items)) known.items.push(items);
  if (isNode(additional)) known.additional.push(additional);
  if (additional === true || isNode(patternProperties)) known.isOpen = true;
}
