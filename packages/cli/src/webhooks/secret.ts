import { CliError } from '../errors.ts';
import type { FlagReader } from '../flag-reader.ts';
import { inputText } from '../input-file.ts';
import type { Output } from '../output.ts';
import type { WebhooksFlags } from '../tables/webhooks.ts';

const OWN_VARIABLE = 'CALLTAPE_WEBHOOK_SECRET';

/** The secret to sign with, from where the flags say; undefined when there is none. */
export async function secretOf(
  flag: FlagReader<WebhooksFlags>,
  output: Output,
): Promise<string | undefined> {
  const given = (['secret', 'secret-env', 'secret-file'] as const).filter(
    (name) => flag(name) !== undefined,
  );
  if (given.length > 1) {
    throw new CliError('FLAG_VALUE', `--${given.join(' and --')} do not go together: give one.`);
  }
  const text = flag('secret');
  if (text !== undefined) {
    output.warn(
      'Warning: a secret on the command line is seen by other programs and kept in the history of ' +
        'your shell. --secret-env and --secret-file keep it to yourself.',
    );
    return text;
  }
  const file = flag('secret-file');
  if (file !== undefined) return notEmpty(await inputText(file), `The file "${file}" is empty`);
  const variable = flag('secret-env');
  if (variable === undefined) return process.env[OWN_VARIABLE] || undefined;
  return notEmpty(process.env[variable] ?? '', `The variable ${variable} is not set`);
}

/** Without the line end that editors and `echo` put behind. */
function notEmpty(text: string, otherwise: string): string {
  const secret = text.replace(/\r?\n$/, '');
  if (secret !== '') return secret;
  throw new CliError('SECRET_INVALID', `${otherwise}, so there is no secret to sign with.`);
}
