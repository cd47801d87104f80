import { resolve } from 'node:path';
import type { MockSummary, SeenCall, UnusedRecording } from '@calltape/mock';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { CliError } from '../errors.ts';
import { openTapeDoor } from './tape-door.ts';
import type { TapeDoor, TapeOptions } from './tape-door.ts';

/** A tape in use by the tests of a file or a `describe`. */
export interface UsedTape {
  /** Whether this run records; else it replays. */
  readonly recording: boolean;
  /** Every call that came, in order. */
  calls(): SeenCall[];
  /** The calls of one kind, as in `POST /v1/charges`, in order. */
  called(pattern: string): SeenCall[];
  /** The recordings that no client got. */
  unused(): readonly UnusedRecording[];
  /** Throws when there is a recording that no client got. */
  expectAllUsed(): void;
  /** Throws when a call found no recording. */
  expectNoMiss(): void;
  summary(): MockSummary;
}

class Used implements UsedTape {
  readonly file: string;
  door: TapeDoor | null = null;

  constructor(file: string) {
    this.file = file;
  }

  get #door(): TapeDoor {
    if (this.door !== null) return this.door;
    throw new CliError(
      'TAPE_IDLE',
      `The tape ${this.file} answers only while the tests run that follow its useTape. Ask for its calls in a test.`,
    );
  }

  get recording(): boolean {
    return this.#door.recording;
  }

  calls(): SeenCall[] {
    return this.#door.mock.calls();
  }

  called(pattern: string): SeenCall[] {
    return this.#door.mock.called(pattern);
  }

  unused(): readonly UnusedRecording[] {
    return this.#door.mock.unused();
  }

  expectAllUsed(): void {
    this.#door.mock.expectAllUsed();
  }

  expectNoMiss(): void {
    this.#door.mock.expectNoMiss();
  }

  summary(): MockSummary {
    return this.#door.mock.summary();
  }
}

/**
 * Has the calls of the tests of this file, or of this `describe`, answered from a tape. Where there is no
 * such tape the calls reach the real APIs and are recorded, and the tape is kept if no test fails. With
 * `CI` set nothing is ever recorded.
 *
 * @param file - Relative to the working directory.
 */
export function useTape(file: string, options: TapeOptions = {}): UsedTape {
  const used = new Used(resolve(file));
  let keep = true;
  beforeAll(async () => {
    used.door = await openTapeDoor(used.file, options);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      keep = false;
    });
  });
  afterAll(async () => {
    const { door } = used;
    used.door = null;
    await door?.close(keep);
  });
  return used;
}
