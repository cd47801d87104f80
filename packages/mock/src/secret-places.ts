import {
  createRedactor,
  loadSecretKey,
  parseRedactRules,
  redactorWith,
  redactText,
} from '@calltape/store';
import type { Redactor, RedactRules } from '@calltape/store';
import type { Content } from './body-meaning.ts';

const MASK = '***';

/** A text without what every recorder redacts in a URL. */
export function withoutSecrets(target: string): string {
  return redactText(target, () => MASK);
}

function redacted(content: Content, redactor: Redactor): Content {
  // What is cut is compared as far as it goes, and needs its length.
  if (content.bytes.length < content.size) return content;
  const bytes = redactor.body(content.bytes, content.type, content.coding, false);
  return bytes === content.bytes ? content : { ...content, bytes, size: bytes.length };
}

/**
 * The places in requests where a recorder leaves a placeholder. A placeholder looks like the secret
 * it stands for, so the same is left of a recorded request and of one that comes when both are
 * without them.
 */
export class SecretPlaces {
  readonly #rules: RedactRules;
  readonly #masking: Redactor;
  #keyed: Redactor | null | undefined;

  /** @param rules - The users' own redaction rules of the recordings that are played. */
  constructor(rules: readonly string[]) {
    this.#rules = parseRedactRules(rules);
    this.#masking = redactorWith((secret) => (secret === '' ? '' : MASK), {
      rules: this.#rules,
      seal: (hash) => hash,
    });
  }

  /** A target, or a URL, without its secrets. */
  target(target: string): string {
    return this.#masking.url(target);
  }

  /**
   * A target as this user's recorders write it onto a tape: it tells two secrets apart that a target
   * without them does not. Undefined when there is no key to make placeholders with.
   */
  targetRedacted(target: string): string | undefined {
    return this.#redactor()?.url(target);
  }

  /** A target or URL to be shown: as a tape would have it, and without its secrets for want of a key. */
  asOnTape(target: string): string {
    return this.targetRedacted(target) ?? this.target(target);
  }

  /** The content without its secrets; the same one when there are none. */
  content(content: Content): Content {
    return redacted(content, this.#masking);
  }

  /** The content as this user's recorders write it onto a tape; undefined without a key. */
  contentRedacted(content: Content): Content | undefined {
    const redactor = this.#redactor();
    return redactor === null ? undefined : redacted(content, redactor);
  }

  #redactor(): Redactor | null {
    if (this.#keyed === undefined) {
      try {
        this.#keyed = createRedactor(loadSecretKey(), { rules: this.#rules });
      } catch {
        // Without a key each placeholder stands for any value.
        this.#keyed = null;
      }
    }
    return this.#keyed;
  }
}
