/** Hosts to remember sessions of; a few kilobytes each. */
const MOST = 256;

/** The latest TLS session with each host, so that the next connection to it agrees sooner. */
export class TlsSessions {
  /** The one that was used last comes last. */
  readonly #latest = new Map<string, Buffer>();

  take(host: string): Buffer | undefined {
    return this.#latest.get(host);
  }

  put(host: string, session: Buffer): void {
    this.#latest.delete(host);
    this.#latest.set(host, session);
    if (this.#latest.size <= MOST) return;
    const [oldest] = this.#latest.keys();
    if (oldest !== undefined) this.#latest.delete(oldest);
  }

  /** A session that does not lead to a connection is not tried again. */
  drop(host: string): void {
    this.#latest.delete(host);
  }
}
