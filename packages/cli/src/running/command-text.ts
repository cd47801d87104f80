import type { Redactor } from '@calltape/store';

const LONGEST = 500;
/** Long enough to be taken for a secret wherever one is looked for. */
const SPECIMEN = 'Specimen0123456789';

/**
 * A command line as a person would type it, for the tape.
 *
 * @param redactor - Replaces the secrets among the arguments; null keeps them.
 */
export function commandText(words: readonly string[], redactor: Redactor | null): string {
  const shown =
    redactor === null
      ? words
      : words.map((word, at) => redacted(word, words[at - 1] ?? '', redactor));
  return shortened(shown.map(quoted).join(' '), LONGEST);
}

/** Cut to so many characters, with a sign that it was. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** @param before - The argument in front of it, which may say what it is: `--token`, `-u`. */
function redacted(word: string, before: string, redactor: Redactor): string {
  const flag = /^--?([\w.-]+)$/.exec(before)?.[1] ?? '';
  if (isSecretName(flag, redactor)) return secret(word, redactor);
  return (
    (/^u(?:ser)?$/.test(flag) ? redactedUser(word, redactor) : null) ??
    redactedAssignment(word, redactor) ??
    redactedField(word, redactor) ??
    redactor.url(word)
  );
}

/** `name:password`, as curl and others take it. */
function redactedUser(word: string, redactor: Redactor): string | null {
  const at = word.indexOf(':');
  return at === -1 ? null : word.slice(0, at + 1) + secret(word.slice(at + 1), redactor);
}

/** `--token=value` and `API_KEY=value`. */
function redactedAssignment(word: string, redactor: Redactor): string | null {
  const [, start, name = '', value = ''] = /^(-{0,2}([\w.-]+)=)(.+)$/s.exec(word) ?? [];
  if (start === undefined || !isSecretName(name, redactor)) return null;
  return start + secret(value, redactor);
}

/** `Authorization: Bearer value` */
function redactedField(word: string, redactor: Redactor): string | null {
  const [, name, colon = '', value = ''] = /^([\w-]+)(:\s+)(.+)$/s.exec(word) ?? [];
  if (name === undefined) return null;
  return name + colon + (redactor.headers([name, value])[1] ?? '');
}

/** A name that means a secret in a URL means one on a command line. */
function isSecretName(name: string, redactor: Redactor): boolean {
  if (name === '') return false;
  const parameter = `?${name.replaceAll('-', '_')}=${SPECIMEN}`;
  return redactor.url(parameter) !== parameter;
}

/** The placeholder that would stand for it in a header. */
function secret(value: string, redactor: Redactor): string {
  return redactor.headers(['X-Api-Key', value])[1] ?? '';
}
