import { parseRedactRules, redactorWith, type Redactor } from '@calltape/store';
import { quoted } from '../shell-quoted.ts';

const LONGEST = 500;
/** Long enough to be taken for a secret wherever one is looked for. */
const SPECIMEN = 'Specimen0123456789';
/** In place of a secret: nothing that looks like one, or the tape would redact it again. */
const MASK = '***';

const MASKING: Redactor = redactorWith((secret) => (secret === '' ? '' : MASK), {
  rules: parseRedactRules([]),
  seal: (hash) => hash,
});

/** A command line as a person would type it, for the tape; its secrets are masked unless wanted. */
export function commandText(words: readonly string[], withSecrets: boolean): string {
  const shown = withSecrets ? words : hidden(words);
  return shortened(shown.map(quoted).join(' '), LONGEST);
}

/** The words of a command line with a mask in the place of each secret. */
export function hidden(words: readonly string[]): string[] {
  return words.map((word, at) => redacted(word, words[at - 1] ?? ''));
}

/** Cut to so many characters, with a sign that it was. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** @param before - The argument in front of it, which may say what it is: `--token`, `-u`. */
function redacted(word: string, before: string): string {
  const flag = /^--?([\w.-]+)$/.exec(before)?.[1] ?? '';
  if (isSecretName(flag)) return MASK;
  return (
    (/^u(?:ser)?$/.test(flag) ? redactedUser(word) : null) ??
    redactedAssignment(word) ??
    redactedField(word) ??
    MASKING.text(MASKING.url(word))
  );
}

/** `name:password`, as curl and others take it. */
function redactedUser(word: string): string | null {
  const at = word.indexOf(':');
  return at === -1 ? null : word.slice(0, at + 1) + MASK;
}

/** `--token=value` and `API_KEY=value`. */
function redactedAssignment(word: string): string | null {
  const [, start, name = ''] = /^(-{0,2}([\w.-]+)=)./s.exec(word) ?? [];
  return start === undefined || !isSecretName(name) ? null : start + MASK;
}

/** `Authorization: Bearer value` */
function redactedField(word: string): string | null {
  const [, name, colon = '', value = ''] = /^([\w-]+)(:\s+)(.+)$/s.exec(word) ?? [];
  if (name === undefined) return null;
  return name + colon + (MASKING.headers([name, value])[1] ?? '');
}

/** A name that means a secret in a URL means one on a command line. */
function isSecretName(name: string): boolean {
  if (name === '') return false;
  const parameter = `?${name.replaceAll('-', '_')}=${SPECIMEN}`;
  return MASKING.url(parameter) !== parameter;
}
