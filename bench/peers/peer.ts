// What another recorder has to tell of itself to be measured beside ours.
import type { Contender } from '../contender.ts';

export interface Peer {
  /** With its version. */
  readonly name: string;
  readonly contender: Contender;
  /** Where it keeps its calls. */
  readonly file: string;
  /** Counts the calls in its file, after it has stopped. */
  count(): number | Promise<number>;
}
