import { randomBytes } from 'node:crypto';
import { sha256 } from './hash.js';

/** A seeded source of chance: the same seed gives the same numbers on every machine. */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand), seeded with the SHA-256 of a text. 128 bits of state, 32 bits a step;
 * a number takes two steps to fill the 53 bits of a double.
 */
export function seededRng(seed: string): Rng {
  const digest = Buffer.from(sha256(seed), 'hex');
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = 1;
  const step = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) step();
  return { next: () => ((step() >>> 5) * 2 ** 26 + (step() >>> 6)) / 2 ** 53 };
}

/** A seed that nobody can guess; where chance must be replayed, log it. */
export function freshSeed(): string {
  return randomBytes(12).toString('base64url');
}

/** Standard normal by Box and Muller (1958). */
export function gaussian(rng: Rng): number {
  const radius = Math.sqrt(-2 * Math.log(1 - rng.next()));
  return radius * Math.cos(2 * Math.PI * rng.next());
}

/** Whole number in [0, below). */
export function integerBelow(rng: Rng, below: number): number {
  return Math.floor(rng.next() * below);
}

/** One of the items, all equally likely. Throws on an empty list. */
export function pick<Item>(rng: Rng, items: readonly Item[]): Item {
  const item = items[integerBelow(rng, items.length)];
  if (item === undefined) throw new Error('pick from an empty list');
  return item;
}

/** Place of the item drawn with the given weights (not negative, sum above zero). */
export function drawIndex(rng: Rng, weights: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < weights.length; index += 1) total += weights[index] ?? 0;
  let left = rng.next() * total;
  for (let index = 0; index < weights.length; index += 1) {
    left -= weights[index] ?? 0;
    if (left < 0) return index;
  }
  return weights.length - 1;
}

/** The items in a random order (Fisher and Yates); the argument is left as it is. */
export function shuffled<Item>(rng: Rng, items: readonly Item[]): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = integerBelow(rng, last + 1);
    const held = result[last] as Item;
    result[last] = result[other] as Item;
    result[other] = held;
  }
  return result;
}
