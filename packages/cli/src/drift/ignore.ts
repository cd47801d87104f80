import { visible } from '@calltape/store';
import { readConfig, writeIgnored } from '../config-file.ts';
import { CliError } from '../errors.ts';
import type { Output } from '../output.ts';
import { DriftRuleError, driftRule } from './drift-rule.ts';

/** Keeps in the configuration that a drift is not to be told, or is to be told again. */
export function ignoreDrift(
  action: 'ignore' | 'heed',
  words: readonly string[],
  file: string | undefined,
  output: Output,
): void {
  const rule = words.join(' ').trim().replaceAll(/\s+/g, ' ');
  check(rule);
  const { ignore } = readConfig(file).drift;
  const kept = ignore.filter((one) => one !== rule);
  if (action === 'heed' && kept.length === ignore.length) {
    throw new CliError(
      'ARGUMENT_INVALID',
      `"${visible(rule)}" is not ignored: nothing to take back.`,
    );
  }
  writeIgnored(file, action === 'ignore' ? [...kept, rule] : kept);
  output.talk(
    action === 'ignore'
      ? `Noted. calltape drift heed '${visible(rule)}' takes it back.`
      : 'Noted. calltape drift tells of it again.',
  );
}

function check(rule: string): void {
  try {
    driftRule(rule, 'ignore');
  } catch (error) {
    if (!(error instanceof DriftRuleError)) throw error;
    throw new CliError('ARGUMENT_INVALID', visible(error.message));
  }
}
