import { draftRoom, packDraft } from './draft-codec.ts';
import type { CallDraft } from './draft.ts';
import { messageRoom, packMessage } from './message-codec.ts';
import type { DraftMessage } from './message.ts';
import { packRepeated, repeatedRoom } from './repeat-codec.ts';
import { isWhole } from './repeats.ts';
import type { SlabWriter } from './slab.ts';
import { ENTRY } from './writer-messages.ts';

/** The entry's kind and call number, in front of what it holds. */
const HEAD_BYTES = 5;

/** Something for a slab. */
export interface PackedEntry {
  /** An upper bound of what it takes, bytes. */
  readonly room: number;
  readonly pack: (slab: SlabWriter) => void;
}

function call(kind: number, number: number, draft: CallDraft): PackedEntry {
  return {
    room: HEAD_BYTES + draftRoom(draft),
    pack: (slab) => {
      slab.byte(kind);
      slab.count(number);
      packDraft(slab, draft);
    },
  };
}

/** A call that is still under way. */
export function pendingCall(number: number, draft: CallDraft): PackedEntry {
  return call(ENTRY.pending, number, draft);
}

/** A call that has ended. */
export function finishedCall(number: number, draft: CallDraft): PackedEntry {
  const { repeats } = draft;
  if (number !== 0 || repeats === null || !isWhole(draft)) {
    return call(ENTRY.finished, number, draft);
  }
  return {
    room: HEAD_BYTES + repeatedRoom(draft),
    pack: (slab) => {
      slab.byte(ENTRY.repeated);
      packRepeated(slab, draft, repeats);
    },
  };
}

export function messageEntry(number: number, message: DraftMessage): PackedEntry {
  return {
    room: HEAD_BYTES + messageRoom(message),
    pack: (slab) => {
      slab.byte(ENTRY.message);
      slab.count(number);
      packMessage(slab, message);
    },
  };
}
