import { isSecretField, SECRET_PARAMETER } from './redact-names.ts';
import type { ReplaceNamed } from './redact-prose.ts';
import { FORM_SPELLING, meaningOf, respell } from './respell.ts';

const SECRET_NAME = new RegExp(`(?:^|[[.])${SECRET_PARAMETER}\\]?$`, 'i');

export interface FormOptions {
  readonly replaceNamed: ReplaceNamed;
  /** Whether a user says so. */
  readonly isSecret: (name: string) => boolean;
  /** Replaces what is secret in a value without a secret name. */
  readonly redactValue: (name: string, plain: string) => string;
}

/** Fields of forms are those of queries and those of other bodies. */
function isSecretFormField(name: string): boolean {
  return isSecretField(name) || (name.length < 200 && SECRET_NAME.test(name));
}

/** Replaces the secrets in `name=value&...` as forms and queries write them. */
export function redactForm(form: string, options: FormOptions): string {
  return form
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const raw = pair.slice(equals + 1);
      if (equals === -1 || raw === '') return pair;
      const name = meaningOf(pair.slice(0, equals), FORM_SPELLING);
      const value = respell(raw, FORM_SPELLING, (plain) =>
        isSecretFormField(name) || options.isSecret(name)
          ? options.replaceNamed(name, plain)
          : options.redactValue(name, plain),
      );
      return `${pair.slice(0, equals)}=${value}`;
    })
    .join('&');
}
