import type { RedactRules } from './redact-rules.ts';
import { redactText } from './redact-text.ts';
import type { Replace } from './redact-text.ts';

/** Redacts targets and absolute URLs. */
export class UrlRedactor {
  readonly #replace: Replace;
  readonly #rules: RedactRules;

  constructor(replace: Replace, rules: RedactRules) {
    this.#replace = replace;
    this.#rules = rules;
  }

  redact(url: string): string {
    const redacted = redactText(url, this.#replace);
    return this.#rules.texts.length === 0 ? redacted : this.#byRules(redacted);
  }

  #byRules(url: string): string {
    const { text, query } = this.#rules;
    const withQuery = url.replace(
      /([?&])([^=&#]+)=([^&#]+)/g,
      (match, mark: string, name: string, value: string) =>
        query(decoded(name)) ? `${mark}${name}=${this.#replace(value)}` : match,
    );
    return text === null ? withQuery : withQuery.replace(text, this.#replace);
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
