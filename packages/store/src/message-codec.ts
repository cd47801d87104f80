import type { DraftMessage, MessageKind } from './message.ts';
import type { SlabReader, SlabWriter } from './slab.ts';

const KINDS: readonly MessageKind[] = ['text', 'binary', 'ping', 'pong', 'close', 'other'];
/** All fields of fixed size, with room to spare. */
const FIXED_BYTES = 64;
/** UTF-8 needs at most three bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

function keptBytes({ pieces }: DraftMessage): number {
  let kept = 0;
  for (const piece of pieces) kept += piece.length;
  return kept;
}

/** An upper bound of what {@link packMessage} writes for this message, bytes. */
export function messageRoom(message: DraftMessage): number {
  return FIXED_BYTES + (message.problem?.length ?? 0) * BYTES_PER_UNIT + keptBytes(message);
}

export function packMessage(slab: SlabWriter, message: DraftMessage): void {
  slab.byte(message.direction === 'sent' ? 1 : 0);
  slab.byte(KINDS.indexOf(message.kind));
  slab.number(message.atMs);
  slab.number(message.size);
  slab.number(message.wireSize);
  slab.byte(message.deflated ? 1 : 0);
  slab.byte(message.inflate ? 1 : 0);
  slab.number(message.dropped);
  slab.number(message.limit);
  slab.number(message.budget);
  slab.text(message.problem);
  slab.count(keptBytes(message));
  for (const piece of message.pieces) slab.bytes(piece);
}

/** Reads a message that {@link packMessage} wrote; its bytes are a view into the slab. */
export function unpackMessage(slab: SlabReader): DraftMessage {
  return {
    direction: slab.byte() === 1 ? 'sent' : 'received',
    kind: KINDS[slab.byte()] ?? 'other',
    atMs: slab.number() ?? 0,
    size: slab.number() ?? 0,
    wireSize: slab.number() ?? 0,
    deflated: slab.byte() === 1,
    inflate: slab.byte() === 1,
    dropped: slab.number() ?? 0,
    limit: slab.number() ?? 0,
    budget: slab.number() ?? 0,
    problem: slab.text(),
    pieces: [slab.bytes(slab.count())],
  };
}
