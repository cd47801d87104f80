import type { CallDraft } from '@calltape/store';
import type { PlayState } from './mock-summary.ts';
import type { WorkerPlay } from './worker-play.ts';

/** What a worker needs to begin. */
export interface WorkerStart {
  readonly play: WorkerPlay;
  readonly counts: SharedArrayBuffer;
  readonly host: string;
  /** The one that the others listen on. */
  readonly port: number;
  /** Its answers go onto a tape. */
  readonly served: boolean;
}

export type ToWorker =
  | { readonly kind: 'taken'; readonly count: number }
  | { readonly kind: 'close'; readonly graceMs: number | undefined };

export type FromWorker =
  | { readonly kind: 'listening' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'served'; readonly calls: readonly CallDraft[] }
  | { readonly kind: 'closed'; readonly state: PlayState };
