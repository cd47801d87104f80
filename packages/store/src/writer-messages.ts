import type { TapeErrorCode } from './errors.ts';
import type { Source } from './exchange.ts';
import type { KeepFilters } from './keep-rule.ts';

/** How much of a tape to keep; what goes beyond is deleted, the oldest calls first. */
export interface Retention {
  /** Calls that started longer ago than this go, ms. */
  readonly maxAgeMs?: number;
  /** The tape's file becomes no larger than this, bytes. */
  readonly maxBytes?: number;
  readonly maxCalls?: number;
}

/** What the writer's thread is started with. */
export interface ThreadStart {
  readonly file: string;
  readonly recording: {
    readonly name: string;
    readonly source: Source;
    readonly upstream: string | null;
    readonly listen: string | null;
    readonly command: string | null;
  };
  /** The user's own rules besides what always is redacted; null for nothing. */
  readonly redaction: { readonly rules: readonly string[] } | null;
  /** Every transaction is on the disk, not only with the operating system, before it counts. */
  readonly durable: boolean;
  readonly keep: Retention;
  /** Which calls to keep; null for all. */
  readonly filters: KeepFilters | null;
}

/**
 * What kind of entry follows in a slab: a call that goes on, one that has ended, a WebSocket message, or a
 * call that has ended and of which some came before.
 */
export const ENTRY = { pending: 0, finished: 1, message: 2, repeated: 3 } as const;

/** Packed entries. */
export interface Slab {
  readonly memory: ArrayBuffer;
  readonly length: number;
  /** What the entries hold without a copy of it; not sent back. */
  readonly moved: readonly ArrayBuffer[];
}

/** What waits for the disk with a slab, bytes. */
export function slabLength({ length, moved }: Omit<Slab, 'memory'>): number {
  return moved.reduce((sum, { byteLength }) => sum + byteLength, length);
}

/** From the owner to the writer's thread, handled in order. */
export type ToThread =
  | { readonly kind: 'batch'; readonly slab: Slab }
  | { readonly kind: 'spill'; readonly number: number; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Spilled parts of bodies that were given up. */
  | { readonly kind: 'forget'; readonly numbers: readonly number[] }
  | { readonly kind: 'lost'; readonly calls: number }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'close' };

/** What became of calls that were handed over. */
export interface Written {
  /** Calls whose rows are on the tape. */
  readonly calls: number;
  /** Calls that will never be. */
  readonly lost: number;
  /** Calls that the filters left out. */
  readonly unkept: number;
  /** Bodies given up of calls that are on the tape. */
  readonly dropped: number;
  /** Why something could not be written; null when all was. */
  readonly problem: string | null;
  /** The tape took nothing at all. */
  readonly failed: boolean;
}

/** From the writer's thread to its owner. */
export type FromThread =
  | { readonly kind: 'ready'; readonly recordingId: number }
  | { readonly kind: 'refused'; readonly code: TapeErrorCode; readonly message: string }
  /** The oldest batches, as many as there are slabs, all in one transaction. */
  | { readonly kind: 'written'; readonly slabs: readonly ArrayBuffer[]; readonly written: Written }
  | { readonly kind: 'spilled'; readonly length: number }
  /** Another program has kept the tape locked for a while. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'closed'; readonly written: Written };
