import { parseMatchRules, startMock } from '@calltape/mock';
import type { Mock, MockOptions } from '@calltape/mock';
import { onTestFinished } from 'vitest';
import { makeTape } from './tape.ts';
import type { Told } from './tape.ts';

export type Settings = Omit<MockOptions, 'rules'> & {
  readonly rules?: readonly object[];
  /** Played in the place of the calls. */
  readonly tapes?: readonly string[];
};

/** Starts a mock that plays these calls, or this tape; it is closed when the test is over. */
export async function mockOf(
  calls: readonly Told[] | string,
  settings: Settings = {},
): Promise<Mock> {
  const { rules = [], tapes, ...rest } = settings;
  const tape = tapes ?? (typeof calls === 'string' ? calls : await makeTape(calls));
  const mock = await startMock(tape, {
    rules: parseMatchRules(JSON.stringify(rules), 'rules.json'),
    ...rest,
  });
  onTestFinished(async () => {
    await mock.close(0);
  });
  return mock;
}
