import { hashText } from './hash-text.ts';

/** What the name of a member says about it. */
export interface KeyTraits {
  readonly hash: number;
  /** Another value in each answer, whatever the answer is about: a request's id, a nonce. */
  readonly isVolatile: boolean;
  /** A moment, if its value can be one. */
  readonly isTime: boolean;
  /** Tells things of one kind apart. */
  readonly isIdentity: boolean;
  /** How likely its value decides which other members there are: 0 not at all. */
  readonly tagRank: number;
}

const VOLATILE =
  /^(?:_?nonce|e_?tag|request[_-]?id|x[_-]request[_-]id|req[_-]?id|trace[_-]?id|span[_-]?id|correlation[_-]?id|server[_-]?time|took|took_ms|elapsed(?:_ms)?|duration_ms|response[_-]?time|now|query_time|csrf[_-]?token|session[_-]?token|access[_-]?token|refresh[_-]?token)$/;
const TIME =
  /(?:_at|_on|time|timestamp|date|created|updated|modified|expires|expiry|_ts|^ts|^now|since|until|seen)$/;
const IDENTITY =
  /^(?:_?id|guid|uuid|key|slug|login|email|url|href|self|number|name|full_name|username|handle|sha|ref|path|code|arn|token|node_id|uri)$|(?:_id|_uuid|_key|_url)$/;
/** Best first. */
const TAGS = [
  '__typename',
  '@type',
  '$type',
  '_type',
  'subtype',
  'type',
  'kind',
  'event',
  'event_type',
  'action',
  'object_type',
  'resource_type',
  'object',
  'method',
  'op',
  'format',
  'source',
  'scheme',
  'status',
  'state',
];
const OTHER_TAG = /(?:type|kind|typename|discriminator|variant|class)$/;

const NOTHING: KeyTraits = {
  hash: 0,
  isVolatile: false,
  isTime: false,
  isIdentity: false,
  tagRank: 0,
};
const LEAST_DATA = 12;
const MOST_KNOWN = 20_000;
const known = new Map<string, KeyTraits>();

/** `createdAt`, `created-at` and `CreatedAt` as `created_at`. */
function snake(key: string): string {
  return key
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

function tagRank(name: string): number {
  const at = TAGS.indexOf(name);
  if (at !== -1) return 2 * (TAGS.length - at);
  // Between `type` and what may or may not be a tag.
  return OTHER_TAG.test(name) ? 2 * (TAGS.length - 10) + 1 : 0;
}

function traitsOf(key: string): KeyTraits {
  const name = key.length > 200 ? '' : snake(key);
  return {
    hash: hashText(key),
    isVolatile: VOLATILE.test(name),
    isTime: TIME.test(name),
    isIdentity: IDENTITY.test(name) || /(?:Id|ID)$/.test(key),
    tagRank: tagRank(name),
  };
}

/** Long, with digits in it, as ids are: there are many, and none of them says anything. */
function isData(key: string): boolean {
  if (key.length < LEAST_DATA) return false;
  let digits = 0;
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at);
    if (code >= 48 && code <= 57) digits += 1;
  }
  return digits > 1;
}

/** Remembered by name, since there are few names and many members. */
export function keyTraits(key: string): KeyTraits {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (isData(key)) return { ...NOTHING, hash: hashText(key) };
  const traits = traitsOf(key);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, traits);
  return traits;
}
