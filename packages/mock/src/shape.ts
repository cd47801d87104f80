/** What a value that is new for each request looks like. */
export type Shape = 'uuid' | 'time' | 'nonce' | 'digits';

/** How sure one value makes that the next one will be another. */
export type Sureness = 'sure' | 'likely' | 'no';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const ISO_TIME = /^\d{4}-?\d\d-?\d\d[T ]\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/i;
const HTTP_TIME = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? \d{1,2}[ -]\w{3}[ -]\d{2,4} \d\d:\d\d/;
const EPOCH = /^[1-4]\d{9}(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?$/;
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{16,}$/i;
const TOKEN = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/_-]{16,}={0,2}$/;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const WITH_PREFIX = /^[a-z]{2,12}_/;

// The last word of a name, in lower case without _ and -.
const TIME_NAME =
  /(?:stamp|.at|now|clock)$|^(?:(?:request|client|current|local|sent?)?(?:ts|time)|(?:request|client|current|sent)date|[t_])$/;
const RANGE_NAME =
  /^(?:from|to|since|until|before|after|start|end|begin|[gl]te?|min|max|due|expir|schedul|valid)/;
const NONCE_NAME = /nonce|idempot|(?:request|req|trace|span|correlation)id$|^cnonce$|cachebust/;
const MAYBE_NONCE_NAME = /^(?:state|salt|random|signature|sig|codechallenge|codeverifier)$/;
const OF_THE_REQUEST =
  /^(?:request|req|trace|span|correlation|transaction|tx|txn|message|msg|event|call|op|operation|session|client|idempotency|attempt|batch|job|run)u?u?id$/;
const OF_A_THING = /.(?:id|uuid|guid|ref)$/;

/** How far from its own call a time may be that says when it was made. */
const NEAR_MS = 24 * 60 * 60 * 1000;

/** A value at a place of requests that has a name. */
export interface Named {
  /** In lower case, without `_` and `-`; empty for a segment of a path. */
  readonly name: string;
  readonly text: string;
}

/** The name of a place as shapes judge it. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/(?!^.$)[_-]/g, '');
}

function isTime(text: string): boolean {
  return ISO_TIME.test(text) || HTTP_TIME.test(text) || EPOCH.test(text);
}

/** What a value looks like; null for a word, or for what is no text and no number. */
export function shapeOf({ name, text }: Named): Shape | null {
  if (UUID.test(text)) return 'uuid';
  if (isTime(text)) return 'time';
  if (NONCE_NAME.test(name) && text !== '') return 'nonce';
  if (WITH_PREFIX.test(text)) return /\d/.test(text) ? 'digits' : null;
  if (HEX.test(text) || TOKEN.test(text) || ULID.test(text)) return 'nonce';
  return /\d/.test(text) ? 'digits' : null;
}

function epochOf(text: string): number {
  if (!EPOCH.test(text))
    return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6'));
  const whole = text.replace(/\..*$/, '');
  return Number(text) * 10 ** (13 - whole.length);
}

function timeSureness({ name, text }: Named, startedAt: number): Sureness {
  if (RANGE_NAME.test(name)) return 'no';
  if (Math.abs(epochOf(text) - startedAt) < NEAR_MS || TIME_NAME.test(name)) return 'sure';
  // A number that could be seconds could as well be an id.
  return EPOCH.test(text) ? 'no' : 'likely';
}

/**
 * How sure a value alone makes that it is new for each request. One that the client took from an
 * answer never is; see `uuid-origins.ts`.
 *
 * @param startedAt - When its request was recorded, milliseconds since the Unix epoch.
 */
export function surenessOf(value: Named, shape: Shape, startedAt: number): Sureness {
  const { name } = value;
  const isOfAThing = OF_A_THING.test(name) && !isOfTheRequest(name);
  if (shape === 'digits') return 'no';
  if (shape === 'time') return timeSureness(value, startedAt);
  if (isOfAThing) return 'no';
  return shape === 'uuid' || MAYBE_NONCE_NAME.test(name) || NONCE_NAME.test(name)
    ? 'sure'
    : 'likely';
}

function isOfTheRequest(name: string): boolean {
  return OF_THE_REQUEST.test(name) || NONCE_NAME.test(name) || name === 'uuid' || name === 'guid';
}
