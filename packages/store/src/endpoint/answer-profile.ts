/** What one JSON answer says of its kind, and of the path it was asked for with. */
export interface AnswerProfile {
  /** Hashes of the paths of its keys; steps into lists are not counted as depth. */
  readonly paths: ReadonlySet<number>;
  /** The kinds that it names itself: values of `object`, `kind`, `__typename`. */
  readonly kinds: ReadonlySet<string>;
  /** Is it a list, or an envelope around one? */
  readonly isList: boolean;
  /** Its texts and numbers, as text, but for those that name a kind; bounded. */
  readonly values: ReadonlySet<string>;
  /** The keys of its outermost objects. */
  readonly keys: ReadonlySet<string>;
}

const MOST_DEPTH = 3;
const MOST_PATHS = 400;
const MOST_VALUES = 200;
const MOST_ITEMS = 5;
/** Lists within lists are no depth, and must not be as deep as a sender likes. */
const MOST_LISTS = 8;
/** More keys than this that look like ids are one place. */
const ID_KEY = /^\d+$|^[0-9a-f-]{16,}$|\d.*\d.*\d/i;
const KIND_KEYS: ReadonlySet<string> = new Set(['object', 'kind', '__typename', '_type']);
const TYPE_KEYS: ReadonlySet<string> = new Set([
  ...KIND_KEYS,
  'type',
  'resource',
  'model',
  'entity',
]);

const FNV_PRIME = 0x01000193;
const ROOT = 0x811c9dc5;

/** FNV-1a, going on from the hash of the place that the key is in. */
function hashKey(place: number, key: string): number {
  let hash = Math.imul(place ^ 0x2f, FNV_PRIME);
  for (let at = 0; at < key.length; at += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(at), FNV_PRIME);
  }
  return hash >>> 0;
}

class Walk implements AnswerProfile {
  readonly paths = new Set<number>();
  readonly kinds = new Set<string>();
  readonly values = new Set<string>();
  readonly keys = new Set<string>();
  isList = false;

  /** @param lists - How many lists within lists it is in. */
  value(value: unknown, place: number, depth: number, lists = 0): void {
    if (Array.isArray(value)) {
      if (lists >= MOST_LISTS) return;
      for (const item of value.slice(0, MOST_ITEMS)) {
        this.value(item, hashKey(place, '*'), depth, lists + 1);
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) this.#member(key, inner, place, depth);
    } else if (typeof value === 'string' || typeof value === 'number') this.#leaf(String(value));
  }

  #leaf(text: string): void {
    if (this.values.size < MOST_VALUES) this.values.add(text);
  }

  #member(key: string, value: unknown, parent: number, depth: number): void {
    if (depth === 0) this.keys.add(key);
    const place = hashKey(parent, ID_KEY.test(key) ? '*' : key);
    if (depth < MOST_DEPTH && this.paths.size < MOST_PATHS) this.paths.add(place);
    if (typeof value === 'string' && TYPE_KEYS.has(key)) {
      // An item's kind is the kind of what a list is for; deeper ones belong to something else.
      if (depth <= 1 && KIND_KEYS.has(key)) this.kinds.add(`${String(place)} ${value}`);
    } else if (depth < MOST_DEPTH || typeof value !== 'object') {
      this.value(value, place, depth + 1);
    }
  }
}

function holdsObjects(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
}

/** Fields that a resource has of its own, and an envelope around a list has not. */
const OWN_FIELDS: ReadonlySet<string> = new Set(
  'id sid uid uuid _id name login slug created_at createdAt date_created created'.split(' '),
);

function isList(value: object): boolean {
  if (Array.isArray(value)) return true;
  const members = Object.entries(value);
  if (members.some(([key]) => OWN_FIELDS.has(key))) return false;
  return members.filter(([, member]) => holdsObjects(member) || isEmpty(member)).length === 1;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The profile of a JSON value; null for one that is no object and no list. */
export function answerProfile(value: unknown): AnswerProfile | null {
  if (typeof value !== 'object' || value === null) return null;
  const walk = new Walk();
  walk.value(value, ROOT, 0);
  walk.isList = isList(value);
  return walk;
}
