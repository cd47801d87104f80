import type { FaultRule } from './fault-rule.ts';
import { parseLatency } from './latency-mode.ts';
import type { LatencyMode } from './latency-mode.ts';
import type { MatchChoice } from './match-choice.ts';
import type { PlayOptions } from './open-mock.ts';
import { parseFault } from './parse-fault.ts';
import { parseIgnore, parseMatch } from './parse-match.ts';
import type { Place } from './place.ts';

type Parsed = 'faults' | 'latency' | 'match' | 'ignore';
type OfOthers = 'tapes' | 'routes' | 'replay' | 'mayBeEmpty';

/** What a mock answers, in the words of the command line where that is shorter. */
export interface WrittenOptions extends Omit<PlayOptions, Parsed | OfOthers> {
  /** As in `POST /v1/charges status=503 first=2`; each applies to what those before made of an answer. */
  readonly faults?: readonly (string | FaultRule)[];
  /** `none`, the default, `recorded`, `2x` or `200ms`. */
  readonly latency?: string | LatencyMode;
  /** What takes part in matching besides method and path, as in `header:accept` or `-body`. */
  readonly match?: readonly (string | MatchChoice)[];
  /** Places in requests that do not count, as in `json:/id`. */
  readonly ignore?: readonly (string | Place)[];
}

const DEFAULT_KEPT_CALLS = 10_000;

function read<T extends object>(
  values: readonly (string | T)[],
  parse: (text: string) => T,
): readonly T[] {
  return values.map((value) => (typeof value === 'string' ? parse(value) : value));
}

/** @throws MockError FAULT_INVALID, LATENCY_INVALID, MATCH_INVALID or IGNORE_INVALID */
export function playOptionsOf(
  tapes: string | readonly string[],
  options: WrittenOptions & Pick<PlayOptions, 'routes'>,
): PlayOptions {
  const { faults = [], latency = 'none', match = [], ignore = [], ...rest } = options;
  return {
    keepCalls: DEFAULT_KEPT_CALLS,
    ...rest,
    tapes: typeof tapes === 'string' ? [tapes] : tapes,
    faults: read(faults, parseFault),
    latency: typeof latency === 'string' ? parseLatency(latency) : latency,
    match: read(match, parseMatch),
    ignore: read(ignore, parseIgnore),
  };
}
