import { existsSync } from 'node:fs';
import { compareAll, groupDrifts, skippedOf } from '@calltape/drift';
import { openTape } from '@calltape/store';
import type { ApiDescription } from '@calltape/mock';
import type { Config } from '../config-file.ts';
import { counted } from '../units.ts';
import { readAccepted, rulesOf, type Accepted, type LastCall } from './accepted-file.ts';
import { endpointsOfSides, learnSide, type Learned } from './learn-sides.ts';
import { filled, type Asked, type Compared } from './compared.ts';
import { descriptionOf, openSide, sideOf, type Side } from './side.ts';

/** Compares two sets of calls, or the accepted baseline with what came since. */
export async function compareSides(asked: Asked, config: Config): Promise<Compared> {
  return asked.baseline === undefined
    ? withAccepted(asked, config)
    : withCalls(asked.baseline, asked, config);
}

async function withCalls(baseline: string, asked: Asked, config: Config): Promise<Compared> {
  const now = Date.now();
  const description = await descriptionOf(baseline);
  if (description !== undefined) return withDescription(description, asked, config);
  const before = await sideOf(baseline, asked.tape, now);
  try {
    const after = await liveSide(asked, now);
    const endpoints = endpointsOfSides([before, after], config.rules);
    const learned = [before, after].map((side) => filled(side, learnSide(side, endpoints)));
    after.close();
    const [was, is] = learned;
    if (was === undefined || is === undefined) throw new TypeError('There are two sides');
    return compared([before, after], [was, is], asked, config);
  } finally {
    before.close();
  }
}

async function withDescription(
  description: ApiDescription,
  asked: Asked,
  config: Config,
): Promise<Compared> {
  const after = await liveSide(asked, Date.now());
  try {
    const { compareContract } = await import('./compare-contract.ts');
    const found = compareContract(description, after, config);
    filled(after, found.learned[1]);
    return found;
  } finally {
    after.close();
  }
}

async function withAccepted(asked: Asked, config: Config): Promise<Compared> {
  const accepted = readAccepted(asked.accepted);
  const isOnTape = goesOn(asked.tape, accepted.last);
  const before = { name: asked.accepted, tape: isOnTape ? asked.tape : null };
  const after =
    asked.live === undefined
      ? openSide(asked.tape, asked.tape, () =>
          isOnTape ? { afterId: accepted.last?.id ?? 0 } : {},
        )
      : await sideOf(asked.live, asked.tape, Date.now());
  try {
    const rules = [...config.rules, ...rulesOf(accepted.lessons)];
    const is = learnSide(after, endpointsOfSides([after], rules));
    return compared([before, after], [known(accepted), is], asked, config);
  } finally {
    after.close();
  }
}

function known({ lessons, calls, last }: Accepted): Learned {
  return { lessons, calls, last, skipped: skippedOf(lessons) };
}

/** Whether a tape has the last accepted call; another tape is new as a whole. */
export function goesOn(file: string, last: LastCall | null): boolean {
  if (last === null || !existsSync(file)) return false;
  const tape = openTape(file);
  try {
    return tape.exchange(last.id)?.startedAt === last.startedAt;
  } finally {
    tape.close();
  }
}

async function liveSide({ live, tape }: Asked, now: number): Promise<Side> {
  return live === undefined ? openSide(tape, tape, () => ({})) : sideOf(live, tape, now);
}

function compared(
  sides: Compared['sides'],
  learned: Compared['learned'],
  { alpha }: Asked,
  { drift }: Config,
): Compared {
  const [was, is] = learned;
  const { drifts } = compareAll(was.lessons, is.lessons, {
    alpha,
    severityOverrides: drift.overrides,
  });
  return {
    drifts: groupDrifts(drifts).flatMap((group) => group.drifts),
    sides,
    learned,
    before: `${counted(was.calls, 'call')} before`,
  };
}
