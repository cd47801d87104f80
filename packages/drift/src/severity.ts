import type { Direction, DriftKind, DriftPlace, Severity } from './drift.ts';

/**
 * How much of a change it is. `strong`: what was always there is gone, what was one thing may be
 * another; `weak`: the same of what was there sometimes, or a narrowing.
 */
export type Force = 'strong' | 'weak';

type Levels = readonly [strong: Severity, weak: Severity];

/** The consumer reads: to receive more than was known breaks, to receive less does not. */
const OF_RESPONSES: Readonly<Record<DriftKind, Levels>> = {
  'field-removed': ['breaking', 'warning'],
  'field-added': ['info', 'info'],
  'became-optional': ['breaking', 'breaking'],
  'became-required': ['info', 'info'],
  'nullable-added': ['breaking', 'breaking'],
  'nullable-removed': ['info', 'info'],
  'type-changed': ['breaking', 'info'],
  'format-changed': ['breaking', 'info'],
  'enum-value-added': ['warning', 'warning'],
  'enum-value-removed': ['info', 'info'],
  'variant-added': ['warning', 'warning'],
  'body-became-empty': ['breaking', 'breaking'],
  'status-added': ['breaking', 'info'],
  'status-removed': ['breaking', 'info'],
  'content-type-changed': ['breaking', 'warning'],
  'header-added': ['info', 'info'],
  'header-removed': ['warning', 'info'],
  'endpoint-added': ['info', 'info'],
  'endpoint-removed': ['breaking', 'breaking'],
};

/** The provider reads: what has to be sent now breaks clients of before, what may be sent does not. */
const OF_REQUESTS: Readonly<Record<DriftKind, Levels>> = {
  ...OF_RESPONSES,
  'field-removed': ['warning', 'info'],
  'field-added': ['breaking', 'info'],
  'became-optional': ['info', 'info'],
  'became-required': ['breaking', 'breaking'],
  'nullable-added': ['info', 'info'],
  'nullable-removed': ['breaking', 'breaking'],
  'enum-value-added': ['info', 'info'],
  'variant-added': ['info', 'info'],
  'header-removed': ['info', 'info'],
};

export function severityOf(direction: Direction, kind: DriftKind, force: Force): Severity {
  const levels = (direction === 'response' ? OF_RESPONSES : OF_REQUESTS)[kind];
  return force === 'strong' ? levels[0] : levels[1];
}

/** Another severity for some drifts; the last rule that applies decides. */
export interface SeverityOverride {
  readonly kind?: DriftKind;
  readonly direction?: Direction;
  readonly method?: string;
  readonly origin?: string;
  readonly template?: string;
  /** A location and all below it: `/address` is `/address/city` too. */
  readonly location?: string;
  /** `ignore` drops the drift. */
  readonly severity: Severity | 'ignore';
}

export function overridden(
  severity: Severity,
  kind: DriftKind,
  place: DriftPlace,
  overrides: readonly SeverityOverride[],
): Severity | 'ignore' {
  return overrides.findLast((rule) => applies(rule, kind, place))?.severity ?? severity;
}

function applies(rule: SeverityOverride, kind: DriftKind, place: DriftPlace): boolean {
  const { endpoint, direction, location } = place;
  const pairs = [
    [rule.kind, kind],
    [rule.direction, direction],
    [rule.method, endpoint.method],
    [rule.origin, endpoint.origin],
    [rule.template, endpoint.template],
  ] as const;
  return (
    pairs.every(([wanted, is]) => wanted === undefined || wanted === is) &&
    (rule.location === undefined ||
      location === rule.location ||
      location.startsWith(`${rule.location}/`))
  );
}
