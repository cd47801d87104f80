/** Grid lines per doubling: base 2^(1/32), the base-2 exponential histogram of scale 5. */
const BINS_PER_DOUBLING = 32;
const SMALLEST_MS = 0.001;

function binOf(ms: number): number {
  return Math.floor(Math.log2(Math.max(ms, SMALLEST_MS)) * BINS_PER_DOUBLING);
}

function ascending(a: number, b: number): number {
  return a - b;
}

/**
 * Durations that can be added and taken out one by one and asked for exact percentiles at any time.
 * An exponential grid finds the bin that a rank falls into; the exact values are kept in the bins,
 * so only one bin is ever sorted.
 */
export class DurationPool {
  readonly #bins = new Map<number, number[]>();
  #keys: readonly number[] | null = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(ms: number): void {
    const key = binOf(ms);
    const bin = this.#bins.get(key);
    this.#size += 1;
    if (bin !== undefined) {
      bin.push(ms);
      return;
    }
    this.#bins.set(key, [ms]);
    this.#keys = null;
  }

  /** Takes one equal value out; a value that was never added is ignored. */
  take(ms: number): void {
    const key = binOf(ms);
    const bin = this.#bins.get(key);
    const at = bin?.indexOf(ms) ?? -1;
    if (bin === undefined || at === -1) return;
    const last = bin.pop();
    if (last !== undefined && at < bin.length) bin[at] = last;
    this.#size -= 1;
    if (bin.length > 0) return;
    this.#bins.delete(key);
    this.#keys = null;
  }

  bin(key: number): readonly number[] {
    return this.#bins.get(key) ?? [];
  }

  /** The bins in use, ascending. */
  keys(): readonly number[] {
    this.#keys ??= [...this.#bins.keys()].toSorted(ascending);
    return this.#keys;
  }
}

function keysOf(pools: readonly DurationPool[]): readonly number[] {
  const [first, ...others] = pools;
  if (first === undefined || others.length === 0) return first?.keys() ?? [];
  return [...new Set(pools.flatMap((pool) => pool.keys()))].toSorted(ascending);
}

/**
 * The exact percentiles of all values in several pools together, by nearest rank.
 *
 * @param pools - The pools; their values count as one set.
 * @param shares - Which percentiles, as shares from 0 to 1, ascending.
 * @returns Milliseconds, one for each share; empty when there are no values.
 */
export function percentiles(pools: readonly DurationPool[], shares: readonly number[]): number[] {
  const used = pools.filter((pool) => pool.size > 0);
  const size = used.reduce((sum, pool) => sum + pool.size, 0);
  const ranks = shares.map((share) => Math.max(1, Math.ceil(share * size)));
  const found: number[] = [];
  let below = 0;
  for (const key of keysOf(used)) {
    const bins = used.map((pool) => pool.bin(key));
    const upTo = below + bins.reduce((sum, bin) => sum + bin.length, 0);
    const wanted = ranks.slice(found.length).filter((rank) => rank <= upTo);
    const sorted = wanted.length === 0 ? [] : bins.flat().toSorted(ascending);
    found.push(...wanted.map((rank) => sorted[rank - below - 1] ?? Number.NaN));
    below = upTo;
  }
  return found;
}
