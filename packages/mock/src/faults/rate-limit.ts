import type { Fault, FaultContext, FaultInput, FaultKind } from '../fault.ts';
import { leadingWaits } from '../plan-parts.ts';
import type { Quota, QuotaState } from '../quota.ts';
import type { Plan } from '../step.ts';
import { faultAnswer } from './status.ts';

const USAGE = 'rate-limit=10/s, rate-limit=100/m or rate-limit=10/s per=endpoint';
const WINDOW_MS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

function quotaOf({ value, options, refuse }: FaultInput): Quota {
  const [, digits = '', unit = ''] = /^(\d{1,9})\/([smh])$/.exec(value ?? '') ?? [];
  const windowMs = WINDOW_MS.get(unit);
  const per = options.get('per') ?? 'rule';
  if (windowMs === undefined) {
    throw refuse(
      value === undefined ? 'rate-limit' : `rate-limit=${value}`,
      `rate-limit takes requests per second, minute or hour: ${USAGE}`,
    );
  }
  if (per !== 'rule' && per !== 'endpoint') {
    throw refuse(`per=${per}`, `per is rule or endpoint: ${USAGE}`);
  }
  return { limit: Number(digits), windowMs, perEndpoint: per === 'endpoint' };
}

/** Whole seconds, as Retry-After has them (RFC 9110 section 10.2.3), and never too early. */
function fieldsOf(limit: number, { resetMs }: QuotaState): readonly string[] {
  const seconds = Math.max(1, Math.ceil(resetMs / 1_000));
  const fields = {
    'retry-after': seconds,
    'ratelimit-limit': limit,
    'ratelimit-remaining': 0,
    'ratelimit-reset': seconds,
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': 0,
    'x-ratelimit-reset': seconds,
  };
  return Object.entries(fields).flat().map(String);
}

function limited(plan: Plan, { rule, quota }: FaultContext, limit: number): Plan {
  if (quota === null || quota.used <= limit) return plan;
  return [...leadingWaits(plan), ...faultAnswer(429, rule, fieldsOf(limit, quota))];
}

function parse(input: FaultInput): Fault {
  const { limit } = quotaOf(input);
  return (plan, context) => limited(plan, context, limit);
}

/**
 * 429 with the time to wait for what goes beyond the quota, counted in windows over all requests that
 * the rule is about, as APIs count theirs.
 */
export const rateLimit: FaultKind = {
  name: 'rate-limit',
  usage: USAGE,
  keys: ['per'],
  usesUp: false,
  parse,
  quotaOf,
};
