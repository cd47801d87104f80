import type { Remembered } from '../echo-memory.ts';
import type { RuleChange } from '../faults-in-force.ts';
import type { PlayState } from '../play-state.ts';

/** What a thread tells the others, since it alters what they answer or say. */
export type News =
  | { readonly kind: 'rules'; readonly change: RuleChange }
  | { readonly kind: 'remembered'; readonly all: readonly Remembered[] }
  | { readonly kind: 'forget'; readonly what: 'sequences' | 'misses' | 'journal' };

/** The other threads, as one of them sees them. */
export interface Crew {
  /** Has every other thread take it before the next call that comes to it. */
  tell(news: News): void;
  /** Takes what others have told. */
  hear(): void;
  /** Asks the others what has come of their calls. */
  gather(): Promise<void>;
  /** What they said last. */
  readonly states: readonly PlayState[];
}
