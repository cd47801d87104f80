import type { TapeErrorCode } from './errors.ts';
import type { Source } from './exchange.ts';
import type { KeepFilters } from './keep-rule.ts';

/** What the writer's thread is started with. */
export interface ThreadStart {
  readonly file: string;
  readonly recording: {
    readonly name: string;
    readonly source: Source;
    readonly upstream: string | null;
    readonly listen: string | null;
  };
  readonly redact: boolean;
  /** Null keeps every call. */
  readonly keep: KeepFilters | null;
}

/** What kind of entry follows in a slab: a call that goes on, one that has ended, a WebSocket message. */
export const ENTRY = { pending: 0, finished: 1, message: 2 } as const;

/** From the owner to the writer's thread, handled in order. */
export type ToThread =
  | { readonly kind: 'batch'; readonly memory: ArrayBuffer; readonly length: number }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'close' };

/** From the writer's thread to its owner. */
export type FromThread =
  | { readonly kind: 'ready'; readonly recordingId: number }
  | { readonly kind: 'refused'; readonly code: TapeErrorCode; readonly message: string }
  | {
      readonly kind: 'written';
      readonly memory: ArrayBuffer;
      readonly length: number;
      readonly calls: number;
      readonly lost: number;
      /** Calls that the filters left out. */
      readonly unkept: number;
      readonly failure: string | null;
    }
  | { readonly kind: 'closed' };
