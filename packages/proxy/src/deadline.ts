/** A single timer that can be started, put off and stopped; does nothing when its delay is 0. */
export class Deadline {
  #timer: NodeJS.Timeout | null = null;

  /** Replaces what was started before. */
  start(delayMs: number, onReached: () => void): void {
    this.stop();
    if (delayMs > 0) this.#timer = setTimeout(onReached, delayMs);
  }

  /** Starts the same delay anew, also when it has just been reached. */
  extend(): void {
    this.#timer?.refresh();
  }

  stop(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}
