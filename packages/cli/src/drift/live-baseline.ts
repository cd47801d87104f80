import { resolve } from 'node:path';
import type { ApiDescription } from '@calltape/mock';
import type { EndpointRule } from '@calltape/store';
import type { Config } from '../config-file.ts';
import { counted } from '../units.ts';
import { readAccepted, rulesOf } from './accepted-file.ts';
import { goesOn } from './compare-sides.ts';
import { filled, type Asked, type SideName } from './compared.ts';
import { endpointsOfSides, learnSide } from './learn-sides.ts';
import { LessonsJudge, type LiveJudge } from './live-judge.ts';
import { descriptionOf, openSide, sideOf } from './side.ts';

/** What the calls that come onto a tape are held against. */
export interface LiveBaseline {
  readonly side: SideName;
  /** What it is, in words. */
  readonly before: string;
  /** The last call on the tape that belongs to it; 0 where it is elsewhere. */
  readonly lastId: number;
  /** The templates by which it is grouped. */
  readonly rules: readonly EndpointRule[];
  readonly judge: LiveJudge;
}

/** The baseline that is named, else what was accepted. @throws what reading either throws. */
export async function liveBaseline(asked: Asked, config: Config): Promise<LiveBaseline> {
  const { baseline } = asked;
  if (baseline === undefined) return ofAccepted(asked, config);
  const description = await descriptionOf(baseline);
  return description === undefined
    ? ofCalls(baseline, asked, config)
    : ofDescription(description, config);
}

function ofAccepted({ accepted: file, tape, alpha }: Asked, config: Config): LiveBaseline {
  const { lessons, calls, last } = readAccepted(file);
  const isOnTape = goesOn(tape, last);
  return {
    side: { name: file, tape: isOnTape ? tape : null },
    before: `${counted(calls, 'call')} before`,
    lastId: isOnTape ? (last?.id ?? 0) : 0,
    rules: rulesOf(lessons),
    judge: new LessonsJudge(lessons, { alpha, severityOverrides: config.drift.overrides }),
  };
}

async function ofCalls(
  baseline: string,
  { tape, alpha }: Asked,
  { rules, drift }: Config,
): Promise<LiveBaseline> {
  const before = await sideOf(baseline, tape, Date.now());
  try {
    const live = openSide(tape, tape, () => ({}));
    const endpoints = endpointsOfSides([before, live], rules);
    live.close();
    const { lessons, calls, last } = filled(before, learnSide(before, endpoints));
    const isOnTape = before.tape !== null && resolve(before.tape) === resolve(tape);
    return {
      side: before,
      before: `${counted(calls, 'call')} before`,
      lastId: isOnTape ? (last?.id ?? 0) : 0,
      rules: rulesOf(lessons),
      judge: new LessonsJudge(lessons, { alpha, severityOverrides: drift.overrides }),
    };
  } finally {
    before.close();
  }
}

async function ofDescription(
  description: ApiDescription,
  { drift }: Config,
): Promise<LiveBaseline> {
  const { contractOf } = await import('./compare-contract.ts');
  const { found, described, before } = contractOf(description);
  return {
    side: { name: description.file, tape: null },
    before,
    lastId: 0,
    rules: described,
    judge: { add: (call) => found.add(call), look: () => found.drifts(drift.overrides) },
  };
}
