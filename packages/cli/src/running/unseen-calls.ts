import { visible } from '@calltape/store';

/** More hosts than this are not remembered; the tape has what there is to know of each. */
const MOST_REMEMBERED = 100;
const MOST_NAMED = 5;
const MOST_SAID = 3;

/** Why calls to a host did not come about. */
export interface Failed {
  readonly authority: string;
  readonly code: string;
  readonly message: string;
}

/** What a recorder has not read: told while a command runs, said when it has ended. */
export class UnseenCalls {
  readonly #unread = new Set<string>();
  readonly #failures = new Map<string, Failed>();

  /** The encrypted calls to this host were passed on as they are. */
  unread(authority: string): void {
    if (this.#unread.size < MOST_REMEMBERED) this.#unread.add(authority.replace(/:443$/, ''));
  }

  failed({ authority, code, message }: Failed): void {
    const key = JSON.stringify([authority, code]);
    if (this.#failures.has(key) || this.#failures.size >= MOST_REMEMBERED) return;
    this.#failures.set(key, { authority, code, message });
  }

  get none(): boolean {
    return this.#unread.size + this.#failures.size === 0;
  }

  toJSON(): { readonly unread: readonly string[]; readonly failed: readonly Failed[] } {
    return { unread: [...this.#unread], failed: [...this.#failures.values()] };
  }

  /** The same in sentences. */
  get words(): string[] {
    const failures = [...this.#failures.values()];
    return [
      ...(this.#unread.size === 0 ? [] : [unreadWords([...this.#unread])]),
      ...failures.slice(0, MOST_SAID).map(({ message }) => visible(message)),
      ...(failures.length > MOST_SAID
        ? [`${failures.length - MOST_SAID} more hosts failed so.`]
        : []),
    ];
  }
}

function unreadWords(hosts: readonly string[]): string {
  const named = hosts
    .slice(0, MOST_NAMED)
    .map((host) => visible(host))
    .join(', ');
  const more = hosts.length > MOST_NAMED ? ` and ${hosts.length - MOST_NAMED} more` : '';
  return `Passed on unread, so not recorded: the encrypted calls to ${named}${more}.`;
}
