import { draftRoom, packDraft, unpackDraft } from './draft-codec.ts';
import type { CallDraft, Repeats } from './draft.ts';
import { isPlain } from './repeats.ts';
import type { SlabReader, SlabWriter } from './slab.ts';

/** Two numbers of parts, where the entry ends, whether it has times, and six of those. */
const HEAD_BYTES = 2 * 8 + 4 + 1 + 6 * 8;

/** What the row of a call has besides its parts, where all else is as usual. Milliseconds. */
export interface CallTimes {
  readonly startedAt: number;
  readonly durationMs: number | null;
  readonly ttfbMs: number | null;
  readonly send: number | null;
  readonly wait: number | null;
  readonly receive: number | null;
}

/** An upper bound of what {@link packRepeated} writes for this draft, bytes. */
export function repeatedRoom(draft: CallDraft): number {
  return HEAD_BYTES + draftRoom(draft);
}

/** Packs the times in front of the whole call, which is only read where a part is not known. */
export function packRepeated(slab: SlabWriter, draft: CallDraft, repeats: Repeats): void {
  slab.number(repeats.request);
  slab.number(repeats.answer);
  const end = slab.reserve();
  const plain = isPlain(draft);
  slab.byte(plain ? 1 : 0);
  if (plain) packTimes(slab, draft);
  packDraft(slab, draft);
  slab.close(end);
}

function packTimes(slab: SlabWriter, { startedAt, durationMs, ttfbMs, timings }: CallDraft): void {
  slab.number(startedAt);
  slab.number(durationMs);
  slab.number(ttfbMs);
  slab.number(timings.send);
  slab.number(timings.wait);
  slab.number(timings.receive);
}

function unpackTimes(slab: SlabReader): CallTimes {
  return {
    startedAt: slab.number() ?? 0,
    durationMs: slab.number(),
    ttfbMs: slab.number(),
    send: slab.number(),
    wait: slab.number(),
    receive: slab.number(),
  };
}

/** A call that {@link packRepeated} wrote; the slab goes on behind it. */
export class RepeatedCall {
  readonly repeats: Repeats;
  /** Null where the row has more than its parts and its times. */
  readonly times: CallTimes | null;
  readonly #slab: SlabReader;
  readonly #start: number;

  constructor(slab: SlabReader) {
    this.#slab = slab;
    this.repeats = { request: slab.number() ?? 0, answer: slab.number() ?? 0 };
    const end = slab.count();
    this.times = slab.byte() === 1 ? unpackTimes(slab) : null;
    this.#start = slab.offset;
    slab.offset = end;
  }

  /** The whole call. */
  unpack(): CallDraft {
    const slab = this.#slab;
    const { offset } = slab;
    slab.offset = this.#start;
    const draft = unpackDraft(slab);
    slab.offset = offset;
    draft.repeats = this.repeats;
    return draft;
  }
}
