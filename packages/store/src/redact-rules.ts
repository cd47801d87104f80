import { TapeError } from './errors.ts';
import { leadsTo, parseJsonPath } from './redact-path.ts';
import type { Step } from './redact-path.ts';
import { safePattern } from './redact-pattern.ts';

/** What a user wants redacted besides what always is. */
export interface RedactRules {
  /** The rules as they were written. */
  readonly texts: readonly string[];
  readonly hasJson: boolean;
  readonly json: (path: readonly (string | number)[]) => boolean;
  /** @param name - In lower case. */
  readonly header: (name: string) => boolean;
  readonly query: (name: string) => boolean;
  readonly form: (name: string) => boolean;
  /** Finds what is secret in any text; null when no rule says so. */
  readonly text: RegExp | null;
}

const FORMS = 'json:$.path, header:NAME, query:NAME, form:NAME, cookie:NAME or text:PATTERN';

function invalid(rule: string, why: string): TapeError {
  return new TapeError(
    'REDACT_RULE_INVALID',
    `The redaction rule ${JSON.stringify(rule)} ${why}. Write ${FORMS}.`,
  );
}

class RuleSet {
  readonly paths: Step[][] = [];
  readonly patterns: string[] = [];
  readonly headers = new Set<string>();
  readonly queries = new Set<string>();
  readonly forms = new Set<string>();

  add(rule: string): void {
    const [, kind = '', value = ''] = /^([a-z]+):([^]*)$/.exec(rule) ?? [];
    const refusal = (why: string): TapeError => invalid(rule, why);
    if (value === '') throw refusal('is none');
    switch (kind) {
      case 'json':
        this.paths.push(parseJsonPath(value, refusal));
        break;
      case 'text':
        this.patterns.push(`(?:${safePattern(value, refusal)})`);
        break;
      case 'header':
        this.headers.add(value.toLowerCase());
        break;
      case 'query':
        this.queries.add(value);
        break;
      case 'form':
        this.forms.add(value);
        break;
      case 'cookie':
        // The values of all cookies are redacted anyway.
        break;
      default:
        throw refusal(`has the unknown kind ${JSON.stringify(kind)}`);
    }
  }
}

/**
 * Reads rules such as `json:$.user.email`.
 *
 * @throws TapeError REDACT_RULE_INVALID naming the rule and the place in it.
 */
export function parseRedactRules(texts: readonly string[]): RedactRules {
  const rules = new RuleSet();
  for (const text of texts) rules.add(text);
  const { paths, patterns, headers, queries, forms } = rules;
  return {
    texts,
    hasJson: paths.length > 0,
    json: (path) => paths.some((steps) => leadsTo(steps, path)),
    header: (name) => headers.has(name),
    query: (name) => queries.has(name),
    form: (name) => forms.has(name),
    text: patterns.length === 0 ? null : new RegExp(patterns.join('|'), 'g'),
  };
}

/** Nothing but what always is redacted. */
export const NO_RULES: RedactRules = parseRedactRules([]);
