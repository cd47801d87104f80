import { createRedactor, loadSecretKey, redactText } from '@calltape/store';
import type { Redactor } from '@calltape/store';

/**
 * A target, or a URL, without what a recorder redacts. A placeholder looks like the secret it stands
 * for, so the same is left of a recorded one and of one that comes.
 */
export function withoutSecrets(target: string): string {
  return redactText(target, () => '***');
}

let known: Redactor | null | undefined;

/**
 * A target as this user's recorders write it onto a tape: it tells two secrets apart that a target
 * without them does not. Undefined when there is no key to make placeholders with.
 */
export function asRedacted(target: string): string | undefined {
  if (known === undefined) {
    try {
      known = createRedactor(loadSecretKey());
    } catch {
      // Without a key each placeholder stands for any value.
      known = null;
    }
  }
  return known?.url(target);
}
