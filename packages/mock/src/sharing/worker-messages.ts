import type { RulesInForce } from '../faults-in-force.ts';
import type { PlayState } from '../play-state.ts';
import type { ServedPart } from '../served-sink.ts';
import type { LineEnd } from './line.ts';
import type { WorkerPlay } from './worker-play.ts';

/** What a worker needs to begin. */
export interface WorkerStart {
  readonly play: WorkerPlay;
  /** As they are when it begins; what is done to them then comes by its lines. */
  readonly rules: RulesInForce;
  readonly counts: SharedArrayBuffer;
  readonly lines: LineEnd;
  readonly host: string;
  /** The one that the others listen on. */
  readonly port: number;
  /** Its answers go onto a tape. */
  readonly served: boolean;
  /** What the file of the thread wants to know besides. */
  readonly more: unknown;
}

export type ToWorker =
  | { readonly kind: 'taken'; readonly count: number }
  /** Asks for its state, with the answers of its journal behind an id. */
  | { readonly kind: 'tell'; readonly since: number }
  | { readonly kind: 'close'; readonly graceMs: number | undefined };

export type FromWorker =
  | { readonly kind: 'listening' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'served'; readonly parts: readonly ServedPart[] }
  /** For whoever started the workers. */
  | { readonly kind: 'word'; readonly word: unknown }
  | { readonly kind: 'told'; readonly state: PlayState }
  | { readonly kind: 'closed'; readonly state: PlayState };
