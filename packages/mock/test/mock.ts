import { parseFault, parseIgnore, parseMatch, parseMatchRules, startMock } from '@calltape/mock';
import type { Mock, MockOptions } from '@calltape/mock';
import { onTestFinished } from 'vitest';
import { makeTape } from './tape.ts';
import type { Told } from './tape.ts';

export type Settings = Omit<Partial<MockOptions>, 'faults' | 'match' | 'ignore' | 'rules'> & {
  readonly faults?: readonly string[];
  readonly match?: readonly string[];
  readonly ignore?: readonly string[];
  readonly rules?: readonly object[];
};

/** Starts a mock that plays these calls, or this tape; it is closed when the test is over. */
export async function mockOf(
  calls: readonly Told[] | string,
  settings: Settings = {},
): Promise<Mock> {
  const { faults = [], match = [], ignore = [], rules = [], ...rest } = settings;
  const mock = await startMock({
    tapes: [typeof calls === 'string' ? calls : await makeTape(calls)],
    port: 0,
    faults: faults.map(parseFault),
    match: match.map(parseMatch),
    ignore: ignore.map(parseIgnore),
    rules: parseMatchRules(JSON.stringify(rules), 'rules.json'),
    ...rest,
  });
  onTestFinished(async () => {
    await mock.close(0);
  });
  return mock;
}
