/** A fault rule of a mock that runs. */
export interface MockRule {
  readonly id: number;
  /** As the user wrote it. */
  readonly text: string;
  readonly on: boolean;
  /** Requests that it was about since its counts began. */
  readonly seen: number;
  /** Answers that it altered of those. */
  readonly fired: number;
}

/** A call that a mock had no recording for. */
export interface MockMiss {
  readonly count: number;
  /** A sentence that says which, and why. */
  readonly message: string;
}

/** What a mock that runs says of itself. */
export interface MockNow {
  readonly seed: number;
  /** The profile in force; null for none. */
  readonly profile: string | null;
  /** In the order in which they strike. */
  readonly rules: readonly MockRule[];
  /** Calls that it had no recording for. */
  readonly missed: number;
  /** The different ones of those, as many as it keeps. */
  readonly misses: readonly MockMiss[];
}

/**
 * A mock that runs, and that can be told what to do. Whatever it does not do, or not in a few seconds,
 * rejects with an Error whose message is a sentence for the user.
 */
export interface MockControl {
  now(): Promise<MockNow>;
  turnRule(id: number, on: boolean): Promise<unknown>;
  addRule(rule: string): Promise<unknown>;
  /** @param profile - One of `profiles`; null for none. */
  setProfile(profile: string | null): Promise<unknown>;
  /** Has recordings play from their beginning, and rules count anew. */
  reset(): Promise<unknown>;
  readonly profiles: readonly string[];
}

/** Finds the mock whose answers are on the tape that is watched; null while none runs. Takes no time. */
export type FindMock = () => MockControl | null;
