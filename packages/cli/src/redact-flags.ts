import { parseRedactRules, type WriterOptions } from '@calltape/store';
import { CliError } from './errors.ts';
import { repeatable, yesNo, type FlagTable } from './flag.ts';
import type { FlagReader } from './flag-reader.ts';
import type { Output } from './output.ts';
import { anyText } from './value-kinds.ts';

/** What every command that puts calls on a tape takes. */
export interface RedactFlags {
  readonly redact: readonly string[];
  readonly 'no-redact': boolean;
}

export const REDACT_FLAGS: FlagTable<RedactFlags> = {
  redact: repeatable(
    anyText('RULE'),
    'replace more: json:$.user.email, header:NAME, query:NAME, form:NAME, text:PATTERN',
  ),
  'no-redact': yesNo('keep secrets as they are; by default placeholders stand for them'),
};

/**
 * What of a call is replaced on its way to the tape. Warns when nothing is.
 *
 * Throws CliError FLAG_VALUE, or TapeError REDACT_RULE_INVALID naming the rule and what is wrong.
 */
export function redactOptions(
  flag: FlagReader<RedactFlags>,
  tape: string,
  output: Output,
): Pick<WriterOptions, 'redact' | 'redactRules'> {
  const rules = flag('redact');
  parseRedactRules(rules);
  if (!flag('no-redact')) return { redact: true, redactRules: rules };
  if (rules.length > 0) {
    throw new CliError('FLAG_VALUE', '--redact and --no-redact exclude each other: leave one out.');
  }
  output.warn(`Warning: secrets are kept as they are on "${tape}" (--no-redact).`);
  return { redact: false };
}
