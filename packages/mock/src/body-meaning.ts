import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { decodeBody } from '@calltape/store';
import { canonicalJson, parseExactJson } from './exact-json.ts';
import { multipartParts } from './multipart.ts';
import { canonicalPairs, parsePairs } from './pairs.ts';
import type { Pair } from './pairs.ts';

/** The content of a request and the two fields that say how to read it. */
export interface Content {
  readonly bytes: Uint8Array;
  /** Length on the wire; larger than `bytes.length` when only its beginning is known. */
  readonly size: number;
  /** `content-type`, or empty. */
  readonly type: string;
  /** `content-encoding`, or empty. */
  readonly coding: string;
}

/** What a request body says, apart from how it is spelt. */
export type Meaning =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'form'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'multipart'; readonly parts: readonly string[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

const JSON_START = /^\s*[[{]/;

function decoded(content: Content): Uint8Array {
  if (content.coding === '') return content.bytes;
  const body = decodeBody(content, [['content-encoding', content.coding]]);
  return body.complete ? body.bytes : content.bytes;
}

/** The type says form or multipart; JSON is known by its looks too, as many clients mislabel it. */
function readText(text: string, type: string): Meaning | undefined {
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return { kind: 'form', pairs: parsePairs(text) };
  }
  if (!type.includes('json') && !JSON_START.test(text)) return undefined;
  const value = parseExactJson(text);
  return value === undefined ? undefined : { kind: 'json', value };
}

/** Reads a request body as what its type says; as plain bytes where that does not work out. */
export function meaningOf(content: Content): Meaning {
  // No content is no content, whatever type a client names for it.
  if (content.size === 0) return { kind: 'bytes', bytes: content.bytes };
  const bytes = decoded(content);
  const type = content.type.trim().toLowerCase();
  if (type.startsWith('multipart/')) {
    const parts = multipartParts(bytes, content.type);
    return parts === undefined ? { kind: 'bytes', bytes } : { kind: 'multipart', parts };
  }
  const meaning = isUtf8(bytes) ? readText(new TextDecoder().decode(bytes), type) : undefined;
  return meaning ?? { kind: 'bytes', bytes };
}

function canonicalText(meaning: Exclude<Meaning, { kind: 'bytes' }>): string {
  if (meaning.kind === 'json') return canonicalJson(meaning.value);
  if (meaning.kind === 'form') return JSON.stringify(canonicalPairs(meaning.pairs));
  return JSON.stringify(meaning.parts);
}

/** The same for two bodies that are byte for byte the same. */
export function bytesKey(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64');
}

/** The same for two bodies that mean the same. */
export function meaningKey(meaning: Meaning): string {
  if (meaning.kind === 'bytes') return `bytes:${bytesKey(meaning.bytes)}`;
  return `${meaning.kind}:${hash('sha256', canonicalText(meaning), 'base64')}`;
}
