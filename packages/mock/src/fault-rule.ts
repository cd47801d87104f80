import type { Condition } from './condition.ts';
import type { Fault, NeedOfAnswer } from './fault.ts';
import type { Quota } from './quota.ts';

/** A fault rule, read from its text by `parseFault`. */
export interface FaultRule {
  /** The rule as the user wrote it; what the served tape and `x-calltape-fault` name it by. */
  readonly text: string;
  /** Is the rule about requests with this method? */
  readonly matchesMethod: (method: string) => boolean;
  /** Is the rule about this host (port included) and path (query excluded)? */
  readonly matchesPath: (host: string, path: string) => boolean;
  /** All have to hold. */
  readonly conditions: readonly Condition[];
  readonly fault: Fault;
  /** See `FaultKind.usesUp`. */
  readonly usesUp: boolean;
  /** See `FaultKind.onAnswer`; null for a kind that strikes without an answer. */
  readonly onAnswer: NeedOfAnswer | null;
  /** Null for a rule that counts nothing but what its conditions count. */
  readonly quota: Quota | null;
}
