// One of the mocks that are measured side by side, and what it gave.
import type { Contender, Load, Measured } from '../contender.ts';
import { load, median } from '../contender.ts';
import type { BenchCall } from './calls.ts';

export type StartEntrant = () => Promise<Contender>;

/** Calls that are in flight at once while answers are compared. */
const AT_ONCE = 16;

async function answerOf(url: string, { method, path, body }: BenchCall): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const content = body === '' ? {} : { body, headers };
  const response = await fetch(url + path, { method, ...content });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${method} ${path} got ${response.status}: ${text}`);
  return text;
}

/** json-server indents what it was given. */
function sameJson(one: string, other: string): boolean {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
}

export class Entrant {
  readonly name: string;
  readonly contender: Contender;
  /** From the start of its process to the end of its first answer, ms. */
  readonly firstMs: number;
  readonly measured: Measured[] = [];
  /** Calls that it has answered. */
  sent = 1;
  #beforeMb = 0;

  private constructor(name: string, contender: Contender, firstMs: number) {
    this.name = name;
    this.contender = contender;
    this.firstMs = firstMs;
  }

  /** Starts it and has it answer one call. */
  static async start(name: string, open: StartEntrant, first: BenchCall): Promise<Entrant> {
    const contender = await open();
    const listeningAt = performance.now();
    await answerOf(contender.url, first);
    return new Entrant(name, contender, contender.startMs + performance.now() - listeningAt);
  }

  /** Refuses one that answers anything but what was recorded. */
  async check(calls: readonly BenchCall[], exact: boolean): Promise<void> {
    const waiting = calls.values();
    const work = async (): Promise<void> => {
      for (const call of waiting) {
        const got = await answerOf(this.contender.url, call);
        if (exact ? got !== call.answer : !sameJson(got, call.answer)) {
          throw new Error(`${this.name} answers ${call.path} with ${got}`);
        }
        this.sent += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    this.#beforeMb = this.contender.nowMb();
  }

  async load(what: Load, mayFail = false): Promise<void> {
    const measured = await load(this.contender, what, mayFail);
    if (measured.calls === 0) throw new Error(`${this.name} has answered no call under load`);
    this.sent += measured.calls;
    this.measured.push(measured);
  }

  of(figure: keyof Measured): number[] {
    return this.measured.map((one) => one[figure]);
  }

  middle(figure: keyof Measured): number {
    return median(this.of(figure));
  }

  /** MB before the load and at most. */
  memory(): readonly [number, number] {
    return [this.#beforeMb, this.contender.peakMb()];
  }
}
