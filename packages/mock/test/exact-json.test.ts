import { assert, jsonValue, property } from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, jsonDifferences, parseExactJson } from '../src/exact-json.ts';

function canonical(text: string): string {
  return canonicalJson(parseExactJson(text));
}

it('makes one text of all orders and spacings', () => {
  expect(canonical('{ "b": [1, {"d": null, "c": true}], "a": "x" }')).toBe(
    canonical('{"a":"x","b":[1,{"c":true,"d":null}]}'),
  );
  expect(canonical('[1,2]')).not.toBe(canonical('[2,1]'));
});

it('keeps numbers as their text', () => {
  expect(canonical('12345678901234567890')).toBe('12345678901234567890');
  expect(canonical('12345678901234567890')).not.toBe(canonical('12345678901234567891'));
  expect(canonical('[1.10]')).not.toBe(canonical('[1.1]'));
  expect(canonical('1e2')).not.toBe(canonical('100'));
  expect(canonical('"1"')).not.toBe(canonical('1'));
});

it('has no names with a meaning of their own', () => {
  expect(canonical('{"__proto__":{"a":1}}')).toBe('{"__proto__":{"a":1}}');
  expect(canonical('{"__proto__":1}')).not.toBe(canonical('{}'));
  expect(canonical('{"constructor":1,"a/b":2}')).toBe('{"a/b":2,"constructor":1}');
});

it('gives up on what is not JSON or too deep', () => {
  expect(parseExactJson('{')).toBeUndefined();
  expect(parseExactJson('')).toBeUndefined();
  expect(() => parseExactJson('['.repeat(200_000) + ']'.repeat(200_000))).not.toThrow();
});

it('points at what differs', () => {
  const recorded = parseExactJson('{"amount":100,"a/b":{"~":[1,2]},"gone":null,"same":1.10}');
  const received = parseExactJson('{"amount":200,"a/b":{"~":[1,3,4]},"new":"x","same":1.10}');
  const found = [...jsonDifferences(recorded, received)].map(({ pointer }) => pointer);
  expect(found.toSorted()).toEqual(['/amount', '/a~1b/~0/1', '/a~1b/~0/2', '/gone', '/new']);
});

it('points at the whole value when the kinds differ', () => {
  const differences = jsonDifferences(parseExactJson('{"a":[]}'), parseExactJson('{"a":{}}'));
  expect([...differences].map(({ pointer }) => pointer)).toEqual(['/a']);
});

it('finds no difference exactly where the canonical texts are the same', () => {
  const values = jsonValue({ maxDepth: 3 });
  assert(
    property(values, values, (a, b) => {
      const [was, is] = [parseExactJson(JSON.stringify(a)), parseExactJson(JSON.stringify(b))];
      const same = canonicalJson(was) === canonicalJson(is);
      expect([...jsonDifferences(was, is)].length === 0).toBe(same);
      expect([...jsonDifferences(was, was)]).toEqual([]);
    }),
  );
});
