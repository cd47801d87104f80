import { hash } from 'node:crypto';

/** Words of 32 bits a slot takes: key (two of them), lock, `n`, `fired`, era, and `atMs` (two of them). */
const WORDS = 8;
const [LOCK, N, FIRED, ERA, AT] = [2, 3, 4, 5, 6];
const BYTES_A_WORD = 4;
const TRIES_BEFORE_SLEEP = 100;
const SLEEP_MS = 1;
const FEWEST_SLOTS = 1024;

/** A count, how many of what it counted had an effect, and a moment that matters to it. */
export interface Tally {
  readonly n: number;
  readonly fired: number;
  /** Milliseconds; on what clock is known to who counts. */
  readonly atMs: number;
}

const NOTHING: Tally = { n: 0, fired: 0, atMs: 0 };

/**
 * Counts that several threads share, each found by a text: an open hash table in shared memory, to which
 * keys are added and never taken away. What a thread counts inside {@link exclusively} no other thread
 * sees half done.
 */
export class SharedCounts {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #keys: BigInt64Array;
  readonly #moments: Float64Array;
  readonly #slots = new Map<string, number>();

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
    this.#keys = new BigInt64Array(memory);
    this.#moments = new Float64Array(memory);
  }

  /** @param keys - The most keys there will be. */
  static for(keys: number): SharedCounts {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(FEWEST_SLOTS, keys * 2)));
    return new SharedCounts(new SharedArrayBuffer(slots * WORDS * BYTES_A_WORD));
  }

  /** @param era - Counts of an earlier one are forgotten. */
  read(key: string, era = 0): Tally {
    const at = this.#slotOf(key);
    if (Atomics.load(this.#words, at + ERA) !== era) return NOTHING;
    return {
      n: Atomics.load(this.#words, at + N),
      fired: Atomics.load(this.#words, at + FIRED),
      atMs: this.#moments[(at + AT) / 2] ?? 0,
    };
  }

  /** Does nothing where a later era has begun, which this thread has not heard of yet. */
  write(key: string, { n, fired, atMs }: Tally, era = 0): void {
    const at = this.#slotOf(key);
    if (Atomics.load(this.#words, at + ERA) > era) return;
    Atomics.store(this.#words, at + N, n);
    Atomics.store(this.#words, at + FIRED, fired);
    this.#moments[(at + AT) / 2] = atMs;
    Atomics.store(this.#words, at + ERA, era);
  }

  /** Counts one more and returns the count. */
  next(key: string): number {
    return Atomics.add(this.#words, this.#slotOf(key) + N, 1) + 1;
  }

  /**
   * Does something that no other thread does for the same key at the same time. Who nests it takes the
   * lock of a description first, then that of an endpoint, then that of anything else.
   */
  exclusively<T>(key: string, act: () => T): T {
    const lock = this.#slotOf(key) + LOCK;
    this.#acquire(lock);
    try {
      return act();
    } finally {
      Atomics.store(this.#words, lock, 0);
      Atomics.notify(this.#words, lock, 1);
    }
  }

  #acquire(lock: number): void {
    for (let tries = 1; Atomics.compareExchange(this.#words, lock, 0, 1) !== 0; tries += 1) {
      // What is done under a lock takes microseconds, unless its thread has lost the processor.
      if (tries > TRIES_BEFORE_SLEEP) Atomics.wait(this.#words, lock, 1, SLEEP_MS);
    }
  }

  /** Where a key's slot begins, in words. */
  #slotOf(text: string): number {
    const known = this.#slots.get(text);
    if (known !== undefined) return known;
    const key = hash('sha256', text, 'buffer').readBigInt64LE(0) || 1n;
    const slots = this.#words.length / WORDS;
    let slot = Number(BigInt.asUintN(32, key)) % slots;
    for (let tried = 0; tried < slots; tried += 1) {
      const at = slot * WORDS;
      const owner = Atomics.compareExchange(this.#keys, at / 2, 0n, key);
      if (owner === 0n || owner === key) {
        this.#slots.set(text, at);
        return at;
      }
      slot = (slot + 1) % slots;
    }
    throw new Error('the counts that the workers share are full');
  }
}
