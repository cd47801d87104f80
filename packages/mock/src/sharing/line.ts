import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { News } from './crew.ts';

/** The end of the lines between threads that one of them holds. */
export interface LineEnd {
  /** One to every other thread. */
  readonly ports: readonly MessagePort[];
  /** Counts what was told, by whomever. */
  readonly told: Int32Array;
}

/**
 * News between threads without waiting for their event loops: what was told before a call came is heard
 * before it is answered, whichever thread it comes to.
 */
export class Line {
  readonly #end: LineEnd;
  readonly #take: (news: News) => void;
  #heard = 0;

  constructor(end: LineEnd, take: (news: News) => void) {
    this.#end = end;
    this.#take = take;
    for (const port of end.ports) {
      // A thread that nobody calls hears as well, so that nothing piles up.
      port.on('message', take);
      port.unref();
    }
  }

  tell(news: News): void {
    for (const port of this.#end.ports) port.postMessage(news);
    // Counted when it can be heard, for who sees the count does not look again.
    Atomics.add(this.#end.told, 0, 1);
  }

  /** Takes what others have told; costs one look at shared memory when that is nothing. */
  hear(): void {
    const told = Atomics.load(this.#end.told, 0);
    if (told === this.#heard) return;
    this.#heard = told;
    for (const port of this.#end.ports) {
      for (
        let got = receiveMessageOnPort(port);
        got !== undefined;
        got = receiveMessageOnPort(port)
      ) {
        this.#take(got.message);
      }
    }
  }

  close(): void {
    for (const port of this.#end.ports) port.close();
  }
}

/** Lines between each two of a main thread and some others: the end of the first, those of the others. */
export function linesBetween(others: number): readonly [LineEnd, readonly LineEnd[]] {
  const main: MessagePort[] = [];
  const rest = Array.from({ length: others }, (): MessagePort[] => []);
  const all = [main, ...rest];
  for (const [at, own] of all.entries()) {
    for (const other of all.slice(at + 1)) {
      const { port1, port2 } = new MessageChannel();
      own.push(port1);
      other.push(port2);
    }
  }
  const told = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return [{ ports: main, told }, rest.map((ports) => ({ ports, told }))];
}
