import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { ContentHashes } from '../src/content-hash.ts';

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('the hash is that of the content, whatever came before it', () => {
  const hashes = new ContentHashes();
  const contents = [1, 1, 7, 7, 7, 5000, 5000].map((length) => randomBytes(length));
  for (const bytes of [...contents, ...contents, ...contents.toReversed()]) {
    expect(hashes.of(bytes).toString('hex')).toBe(sha256(bytes));
    expect(hashes.of(Buffer.from(bytes)).toString('hex')).toBe(sha256(bytes));
  }
});

test('memory that is used for something else afterwards makes no difference', () => {
  const hashes = new ContentHashes();
  const memory = Buffer.from('first');
  const first = hashes.of(memory).toString('hex');
  memory.write('other');
  expect(hashes.of(memory).toString('hex')).toBe(sha256(Buffer.from('other')));
  expect(hashes.of(Buffer.from('first')).toString('hex')).toBe(first);
});

test('content beyond what is remembered is hashed all the same', () => {
  const hashes = new ContentHashes();
  for (let length = 900_000; length < 900_010; length += 1) {
    const bytes = Buffer.alloc(length, length);
    expect(hashes.of(bytes).toString('hex')).toBe(sha256(bytes));
  }
  const large = Buffer.alloc(3_000_000, 1);
  expect(hashes.of(large).toString('hex')).toBe(sha256(large));
});
