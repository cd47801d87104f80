/** Told whether a call is on the tape, or will never be. */
export type OnKept = (kept: boolean) => void;

/** Calls that are on their way to the writer's thread together. */
export interface Batch {
  readonly calls: number;
  /** Bytes of it and of what goes along. */
  readonly length: number;
  readonly droppedBodies: number;
  readonly waiting: readonly OnKept[];
}
