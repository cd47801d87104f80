import { MAX_DURATION_MS, parseDuration } from '../duration.ts';
import type { FaultInput, FaultKind } from '../fault.ts';
import { lognormalMs } from '../random.ts';
import type { Random } from '../random.ts';

type Delay = (random: Random) => number;

const USAGE = 'latency=200ms, latency=lognormal(200ms,0.5) or latency=uniform(50ms,2s)';
const MAX_SIGMA = 5;

function lognormal(first: string, second: string): Delay | undefined {
  const medianMs = parseDuration(first);
  const sigma = /^\d+(?:\.\d+)?$/.test(second) ? Number(second) : Number.NaN;
  if (medianMs === undefined || !(sigma <= MAX_SIGMA)) return undefined;
  return (random) => lognormalMs(medianMs, sigma, random);
}

function uniform(first: string, second: string): Delay | undefined {
  const leastMs = parseDuration(first);
  const mostMs = parseDuration(second);
  if (leastMs === undefined || mostMs === undefined || leastMs > mostMs) return undefined;
  return (random) => leastMs + random() * (mostMs - leastMs);
}

function parseDelay(text: string): Delay | undefined {
  const fixedMs = parseDuration(text);
  if (fixedMs !== undefined) return () => fixedMs;
  const [, name, first = '', second = ''] = /^(\w+)\(([^,]*),([^,]*)\)$/.exec(text) ?? [];
  if (name === 'lognormal') return lognormal(first.trim(), second.trim());
  if (name === 'uniform') return uniform(first.trim(), second.trim());
  return undefined;
}

function parse({ value, refuse }: FaultInput): ReturnType<FaultKind['parse']> {
  const delay = parseDelay(value ?? '');
  if (delay === undefined) {
    throw refuse(
      value === undefined ? 'latency' : `latency=${value}`,
      `latency takes a duration or a distribution: ${USAGE}`,
    );
  }
  return (plan, { random }) => {
    const ms = Math.min(delay(random), MAX_DURATION_MS);
    return ms > 0 ? [{ kind: 'wait', ms }, ...plan] : plan;
  };
}

/** The first byte of the answer comes later. Median and sigma give the lognormal distribution. */
export const latency: FaultKind = {
  name: 'latency',
  usage: USAGE,
  keys: [],
  usesUp: true,
  parse,
};
