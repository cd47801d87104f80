import { hashNumber, hashText, mix } from './hash-text.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { type KeyTraits, keyTraits } from './key-traits.ts';
import { MOST_DEPTH, MOST_ITEMS } from './limits.ts';
import { SpelledNumber } from './parse-body.ts';
import { isTimeFormat, textFormat } from './text-format.ts';

const ARRAY = 101;
const OBJECT = 102;
const NULL = 103;
const TRUE = 104;
const FALSE = 105;
const LEFT_OUT = 106;

/** Digits and a dash or a colon where moments have them. */
function mayBeTime(text: string): boolean {
  const { length } = text;
  if (length < 8 || length > 40) return false;
  const first = text.charCodeAt(0);
  return first >= 48 && first <= 57 ? /^[\d:-]{5}/.test(text) : text.includes(' GMT');
}

/** Seconds, milliseconds or microseconds since 1970 for the years 2001 to 2065. */
function mayBeEpoch(value: number): boolean {
  return (
    (value > 1e9 && value < 3e9) || (value > 1e12 && value < 3e12) || (value > 1e15 && value < 3e15)
  );
}

/**
 * The hash of a body without what differs between two answers about the same thing: moments, ids of
 * requests, nonces, the order of keys. Of the objects in it that stand for a thing by themselves it
 * keeps the hashes.
 */
export class BodyPrint {
  /** By object; those without an identity are part of what is around them. */
  readonly entities: Map<object, number> = new Map();
  readonly hash: number;

  constructor(body: unknown) {
    this.hash = this.#value(body, null, 0);
    if (typeof body === 'object' && body !== null) this.entities.delete(body);
  }

  #value(value: unknown, key: KeyTraits | null, depth: number): number {
    if (depth > MOST_DEPTH) return LEFT_OUT;
    if (typeof value === 'string') return hashString(value, key);
    if (typeof value === 'number') return hashOfNumber(value, key);
    if (typeof value === 'boolean') return value ? TRUE : FALSE;
    if (Array.isArray(value)) return this.#array(value, key, depth);
    if (!isJsonObject(value)) return NULL;
    return value instanceof SpelledNumber ? hashText(value.source) : this.#object(value, depth);
  }

  #array(items: readonly unknown[], key: KeyTraits | null, depth: number): number {
    let hash = mix(ARRAY, items.length);
    const end = Math.min(items.length, MOST_ITEMS);
    for (let at = 0; at < end; at += 1) hash = mix(hash, this.#value(items[at], key, depth + 1));
    return hash;
  }

  /** The members' hashes are added up: their order is no difference. */
  #object(object: JsonObject, depth: number): number {
    let sum = OBJECT;
    let isThing = false;
    for (const name of Object.keys(object)) {
      const value = object[name];
      const key = keyTraits(name);
      if (key.isIdentity && (typeof value === 'string' || typeof value === 'number')) {
        isThing = true;
      }
      sum = (sum + mix(key.hash, this.#value(value, key, depth + 1))) | 0;
    }
    if (isThing) this.entities.set(object, sum);
    return sum;
  }
}

function hashString(text: string, key: KeyTraits | null): number {
  if (key?.isVolatile === true) return hashText(textFormat(text));
  if (mayBeTime(text)) {
    const format = textFormat(text);
    if (isTimeFormat(format) && format !== 'date') return hashText(format);
  }
  return hashText(text);
}

function hashOfNumber(value: number, key: KeyTraits | null): number {
  const isMoment = key !== null && (key.isVolatile || (key.isTime && mayBeEpoch(value)));
  return isMoment ? mix(7, Number.isInteger(value) ? 1 : 0) : hashNumber(value);
}
