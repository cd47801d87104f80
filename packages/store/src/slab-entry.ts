import { unpackDraft } from './draft-codec.ts';
import type { CallDraft } from './draft.ts';
import { unpackMessage } from './message-codec.ts';
import type { DraftMessage } from './message.ts';
import { RepeatedCall } from './repeat-codec.ts';
import type { SlabReader } from './slab.ts';
import { ENTRY } from './writer-messages.ts';

export interface CallEntry {
  readonly kind: 'call';
  readonly finished: boolean;
  /** What its owner calls a call that was announced; 0 for others. */
  readonly number: number;
  readonly draft: CallDraft;
}

/** A call that has ended and was never announced, of which some came before. */
export interface RepeatEntry {
  readonly kind: 'repeat';
  readonly call: RepeatedCall;
}

export interface MessageEntry {
  readonly kind: 'message';
  /** What its owner calls the call that it belongs to. */
  readonly number: number;
  readonly message: DraftMessage;
}

export type Entry = CallEntry | RepeatEntry | MessageEntry;

function readEntry(slab: SlabReader): Entry {
  const kind = slab.byte();
  if (kind === ENTRY.repeated) return { kind: 'repeat', call: new RepeatedCall(slab) };
  const number = slab.count();
  if (kind === ENTRY.message) return { kind: 'message', number, message: unpackMessage(slab) };
  return { kind: 'call', finished: kind === ENTRY.finished, number, draft: unpackDraft(slab) };
}

/** What slabs hold, in its order; the slabs are read while it is. */
export function* entriesOf(slabs: readonly SlabReader[]): IterableIterator<Entry> {
  for (const slab of slabs) while (!slab.done) yield readEntry(slab);
}

/** The same as any other call that has ended. */
export function asCall({ call }: RepeatEntry): CallEntry {
  return { kind: 'call', finished: true, number: 0, draft: call.unpack() };
}
