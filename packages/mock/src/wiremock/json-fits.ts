import { ExactNumber } from '../exact-json.ts';
import { isRecord } from '../source-node.ts';

/** What `equalToJson` overlooks. */
export interface JsonLeeway {
  readonly anyOrder: boolean;
  readonly extraElements: boolean;
}

const PLACEHOLDERS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['ignore', () => true],
  ['ignore-element', () => true],
  ['any-string', (value: unknown) => typeof value === 'string'],
  ['any-number', (value: unknown) => numberText(value) !== undefined],
  ['any-boolean', (value: unknown) => typeof value === 'boolean'],
]);

const PLACEHOLDER = /^[$#]\{json-unit\.([a-z-]+)\}/;

/** A placeholder in an expected value that means nothing here; undefined when there is none. */
export function unknownPlaceholder(expected: unknown): string | undefined {
  if (typeof expected === 'string') {
    const [text, name = ''] = PLACEHOLDER.exec(expected) ?? [];
    return text === undefined || (PLACEHOLDERS.has(name) && text === expected) ? undefined : text;
  }
  const inner = Array.isArray(expected)
    ? expected
    : isRecord(expected)
      ? Object.values(expected)
      : [];
  return inner.map(unknownPlaceholder).find((text) => text !== undefined);
}

function numberText(value: unknown): string | undefined {
  if (value instanceof ExactNumber) return value.text;
  return typeof value === 'number' ? String(value) : undefined;
}

/** 1.0 is 1; whole numbers beyond 2^53 are compared digit by digit. */
function sameNumber(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [Number(a), Number(b)];
  return one === other && Math.abs(one) <= Number.MAX_SAFE_INTEGER;
}

/** Whether a received JSON value is the expected one. */
export function jsonFits(expected: unknown, received: unknown, leeway: JsonLeeway): boolean {
  if (typeof expected === 'string') {
    const placeholder = PLACEHOLDERS.get(PLACEHOLDER.exec(expected)?.[1] ?? '');
    return placeholder?.(received) ?? expected === received;
  }
  const number = numberText(expected);
  if (number !== undefined) {
    const text = numberText(received);
    return text !== undefined && sameNumber(number, text);
  }
  if (Array.isArray(expected)) {
    return Array.isArray(received) && listFits(expected, received, leeway);
  }
  if (isRecord(expected)) return isRecord(received) && objectFits(expected, received, leeway);
  return expected === received;
}

function objectFits(
  expected: Record<string, unknown>,
  received: Record<string, unknown>,
  leeway: JsonLeeway,
): boolean {
  const names = Object.keys(expected);
  if (!leeway.extraElements && names.length < Object.keys(received).length) return false;
  return names.every((name) => {
    if (!Object.hasOwn(received, name)) return expected[name] === '${json-unit.ignore-element}';
    return jsonFits(expected[name], received[name], leeway);
  });
}

function listFits(
  expected: readonly unknown[],
  received: readonly unknown[],
  leeway: JsonLeeway,
): boolean {
  if (received.length < expected.length) return false;
  if (!leeway.extraElements && received.length > expected.length) return false;
  if (!leeway.anyOrder) return expected.every((item, at) => jsonFits(item, received[at], leeway));
  const left = [...received];
  return expected.every((item) => {
    const at = left.findIndex((candidate) => jsonFits(item, candidate, leeway));
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
}
