import type { DraftMessage } from '@calltape/store';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MessageBudget } from '../src/message-budget.ts';
import { MessageTap } from '../src/message-tap.ts';

interface Told {
  readonly kind: string;
  readonly size: number;
  readonly problem: string | null;
  readonly bytes: string;
}

function told({ kind, size, problem, pieces }: DraftMessage): Told {
  return { kind, size, problem, bytes: Buffer.concat(pieces).toString('hex') };
}

/** What the tap tells of some bytes that come in pieces of these lengths, over and over. */
function tapped(bytes: Buffer, lengths: readonly number[], compresses: boolean): Told[] {
  const messages: Told[] = [];
  const budget = new MessageBudget({ messageLimit: 60, keepMessages: 20, keepBytes: 500 });
  const tap = new MessageTap(
    'sent',
    compresses,
    budget,
    () => 0,
    (one) => messages.push(told(one)),
  );
  const before = bytes.toString('hex');
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const length = lengths[n % lengths.length] ?? 1;
    tap.read(bytes.subarray(at, at + length));
    at += length;
  }
  tap.end();
  // The same bytes are on their way to the other side.
  expect(bytes.toString('hex')).toBe(before);
  return messages;
}

const frame = fc
  .record({
    fin: fc.boolean(),
    reserved: fc.constantFrom(0, 0, 0, 4, 1),
    opcode: fc.constantFrom(0, 1, 2, 8, 9, 10, 3),
    mask: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { freq: 1 }),
    payload: fc.uint8Array({ maxLength: 200 }),
  })
  .map(({ fin, reserved, opcode, mask, payload }) => {
    const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
    const flag = mask === null ? 0 : 0x80;
    const length = payload.length < 126 ? [payload.length] : [126, 0, payload.length];
    const second = (length[0] ?? 0) | flag;
    return Buffer.concat([
      Buffer.from([first, second, ...length.slice(1)]),
      mask ?? Buffer.alloc(0),
      payload,
    ]);
  });

const bytes = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(frame, { maxLength: 30 }).map((frames) => Buffer.concat(frames)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((raw) => Buffer.from(raw)) },
);

test('whatever comes, and however it is cut, the tap tells the same and throws nothing', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(bytes, lengths, fc.boolean(), (wire, cuts, compresses) => {
      const whole = tapped(wire, [Math.max(1, wire.length)], compresses);
      expect(tapped(wire, cuts, compresses)).toEqual(whole);
      for (const { bytes: kept } of whole) expect(kept.length / 2).toBeLessThanOrEqual(400 * 30);
    }),
    { numRuns: 1000 },
  );
});

test('a message in very many pieces takes no more memory than its bytes', () => {
  const payload = Buffer.alloc(200_000, 'x');
  const head = Buffer.from([0x81, 0x7f, 0, 0, 0, 0, 0, 3, 0x0d, 0x40]);
  const messages: DraftMessage[] = [];
  const budget = new MessageBudget({ messageLimit: 1e6, keepMessages: 1, keepBytes: 1e6 });
  const tap = new MessageTap(
    'received',
    false,
    budget,
    () => 0,
    (one) => messages.push(one),
  );
  tap.read(head);
  for (let at = 0; at < payload.length; at += 1) tap.read(payload.subarray(at, at + 1));
  const pieces = messages[0]?.pieces ?? [];
  expect(Buffer.concat(pieces).equals(payload)).toBe(true);
  expect(pieces.length).toBeLessThan(20);
});
