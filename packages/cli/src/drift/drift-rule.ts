import { DRIFT_KINDS, type DriftKind, type Severity, type SeverityOverride } from '@calltape/drift';
import { EndpointRuleError, parseEndpointRule } from '@calltape/store';

/** What is wrong with a rule, as the end of a sentence. */
export class DriftRuleError extends Error {
  override readonly name = 'DriftRuleError';
}

const LEVELS = ['breaking', 'warning', 'info', 'ignore'] as const;
const EXAMPLE = 'Write it as "GET /v1/things/{thing} /data/*/price field-removed".';
/** Method and place, the location, the kind; the last two may be missing. */
const RULE =
  /^(?<endpoint>(?:[A-Za-z]+|\*)\s+\S+)(?:\s+(?<location>\/.*?|(?:header|status):\S+|content-type))?(?:\s+(?<kind>[a-z]+(?:-[a-z]+)+))?$/;

/**
 * Reads what a drift is told by: `GET /v1/x /data/0/y field-removed`, `GET /v1/x status-added`.
 *
 * @throws DriftRuleError with a sentence.
 */
export function driftRule(text: string, severity: Severity | 'ignore'): SeverityOverride {
  const { endpoint, location, kind } = RULE.exec(text.trim())?.groups ?? {};
  if (endpoint === undefined) throw new DriftRuleError(`"${text}" is no rule. ${EXAMPLE}`);
  const { method, origin, template } = place(endpoint);
  return {
    ...(method === null ? {} : { method }),
    ...(origin === null ? {} : { origin }),
    ...(template === '/*' ? {} : { template }),
    ...(location === undefined ? {} : { location }),
    ...(kind === undefined ? {} : { kind: kindOf(kind) }),
    severity,
  };
}

function place(text: string): ReturnType<typeof parseEndpointRule> {
  try {
    const rule = parseEndpointRule(text);
    if (rule.origin === null || rule.origin.includes('://')) return rule;
  } catch (error) {
    if (!(error instanceof EndpointRuleError)) throw error;
    throw new DriftRuleError(error.message, { cause: error });
  }
  throw new DriftRuleError(`"${text}" names a host without http:// or https:// before it.`);
}

/** @throws DriftRuleError with the kinds there are. */
export function kindOf(text: string): DriftKind {
  const kind = DRIFT_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new DriftRuleError(`"${text}" is no kind of drift. There are ${DRIFT_KINDS.join(', ')}.`);
}

/** @throws DriftRuleError with the levels there are. */
export function levelOf(text: unknown): Severity | 'ignore' {
  const level = LEVELS.find((one) => one === text);
  if (level !== undefined) return level;
  throw new DriftRuleError(`it is none of ${LEVELS.join(', ')}.`);
}
