// One of those that are measured side by side: what it was sent, and the memory that it had meanwhile.
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './contender.ts';
import type { Contender, Load, Measured } from './contender.ts';

export interface Entry {
  readonly name: string;
  readonly contender: Contender;
  /** Takes part for half the time, and only at rates that it can keep up with. */
  readonly slow?: boolean;
  /** Whether some of its calls may fail, see `load`. */
  readonly mayFail?: boolean;
  /** Where its calls are, for those that write them to a file. */
  readonly file?: string;
  readonly count?: () => number | Promise<number>;
}

export class Runner {
  readonly entry: Entry;
  /** Calls that it has answered. */
  sent = 0;
  #beforeMb = 0;
  #idleMb = 0;
  #endedAt = 0;

  constructor(entry: Entry) {
    this.entry = entry;
  }

  /** Refuses one that changes a body, and takes the memory that it has before it is under load. */
  async check(upstream: string, sizes: readonly number[]): Promise<void> {
    const { contender, name } = this.entry;
    for (const size of sizes) {
      const [want, got] = await Promise.all(
        [upstream, contender.url].map(async (url) => (await fetch(`${url}/${size}/check`)).text()),
      );
      if (want !== got || want?.length !== size) throw new Error(`${name} changes the body`);
      this.sent += 1;
    }
    this.#beforeMb = contender.nowMb();
  }

  async load(what: Load): Promise<Measured> {
    const { contender, slow, mayFail } = this.entry;
    const milliseconds = slow === true ? what.milliseconds / 2 : what.milliseconds;
    const measured = await load(contender, { ...what, milliseconds }, mayFail);
    this.sent += measured.calls;
    this.#endedAt = performance.now();
    return measured;
  }

  /** Takes the memory that it has some time after its last load. */
  async rest(milliseconds: number): Promise<void> {
    await sleep(Math.max(0, this.#endedAt + milliseconds - performance.now()));
    this.#idleMb = this.entry.contender.nowMb();
  }

  /** Start, ms; memory before, at most and after, MB. */
  memory(): string[] {
    const { contender, name } = this.entry;
    const figures = [contender.startMs, this.#beforeMb, contender.peakMb(), this.#idleMb];
    return [name, ...figures.map((figure) => figure.toFixed(0))];
  }

  /** What is in its file once it has stopped: calls sent, calls there, bytes for each. */
  async kept(): Promise<string[] | undefined> {
    const { name, file, count } = this.entry;
    if (file === undefined || count === undefined) return undefined;
    const calls = await count();
    const bytes = statSync(file).size / Math.max(1, calls);
    return [name, String(this.sent), String(calls), bytes.toFixed(0)];
  }
}
