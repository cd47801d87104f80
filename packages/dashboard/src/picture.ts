import type { Health } from '@calltape/health';
import type { FindingCounts, Source } from '@calltape/store';
import type { CallList } from './call-list.ts';

/** A recorder or mock that writes to the tape now. */
export interface LiveRecording {
  readonly source: Source;
  /** Where it accepts connections; null until it does. */
  readonly url: string | null;
}

/** What time the figures are over. */
export interface Span {
  /** `last`: the last `lengthMs`; `tape`: all of a tape that nothing is written to. */
  readonly kind: 'last' | 'tape';
  readonly lengthMs: number;
  /** Set when the tape holds more calls than are counted: the figures are of the newest so many. */
  readonly newestOnly: number | null;
}

/** Everything the views know of the tape at one moment. */
export interface Picture {
  readonly file: string;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Calls on the tape. */
  readonly total: number;
  /** Calls that the filter lets through. */
  readonly matching: number;
  /** Calls that the recorder could not write. */
  readonly lost: number;
  /** Bodies that the recorder gave up though it kept their calls. */
  readonly droppedBodies: number;
  /** What followers of the tape found that APIs changed. */
  readonly drift: FindingCounts;
  /** Those at work now, in the order they began. */
  readonly live: readonly LiveRecording[];
  readonly span: Span;
  readonly health: Health;
  readonly list: CallList;
  /** When the newest call ended, milliseconds since the epoch; null without calls. */
  readonly newestMs: number | null;
}
