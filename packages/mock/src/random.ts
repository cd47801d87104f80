import { hash } from 'node:crypto';

/** A source of numbers from 0 up to, not including, 1. */
export type Random = () => number;

/** 64 bits that stand for a list of words, as two unsigned 32-bit integers. */
export type Seed = readonly [number, number];

/** Hashes the words as a JSON array, so that no two lists run into each other. */
export function seedOf(words: readonly (string | number)[]): Seed {
  const digest = hash('sha256', JSON.stringify(words), 'buffer');
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}

const WARM_UP = 12;

/**
 * The numbers that belong to the n-th draw from a seed: a small fast counting generator (sfc32)
 * started from both, so that a draw depends on nothing that was drawn before it.
 */
export function randomAt(seed: Seed, n: number): Random {
  let [a, b] = seed;
  let c = n | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < WARM_UP; round += 1) next();
  return next;
}

/** A draw from the normal distribution (Box-Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A draw from the lognormal distribution with this median. */
export function lognormalMs(medianMs: number, sigma: number, random: Random): number {
  return medianMs * Math.exp(sigma * normal(random));
}
