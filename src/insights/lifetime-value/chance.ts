import { gaussian, type Rng } from '../../shared/index.js';

/** Gamma with shape > 0 and rate 1 (Marsaglia and Tsang, 2000; below shape 1 with their correction). */
export function gammaVariate(rng: Rng, shape: number): number {
  if (shape < 1) return gammaVariate(rng, shape + 1) * (1 - rng.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = gaussian(rng);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - rng.next()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Beta with shapes > 0. */
export function betaVariate(rng: Rng, a: number, b: number): number {
  const one = gammaVariate(rng, a);
  const other = gammaVariate(rng, b);
  return one + other === 0 ? (rng.next() < a / (a + b) ? 1 : 0) : one / (one + other);
}

/** From so many on the normal distribution stands for Poisson's. */
const MANY = 50;

export function poissonVariate(rng: Rng, mean: number): number {
  if (mean > MANY) return Math.max(0, Math.round(mean + Math.sqrt(mean) * gaussian(rng)));
  const limit = Math.exp(-mean);
  let product = rng.next();
  let count = 0;
  while (product > limit) {
    product *= rng.next();
    count += 1;
  }
  return count;
}

/** Trials until the first success, that one included; Infinity where it cannot come. */
export function geometricVariate(rng: Rng, chance: number): number {
  if (chance <= 0) return Infinity;
  if (chance >= 1) return 1;
  return 1 + Math.floor(Math.log(1 - rng.next()) / Math.log1p(-chance));
}

/** Exponential with a rate; Infinity where the rate is 0. */
export function exponentialVariate(rng: Rng, rate: number): number {
  return rate <= 0 ? Infinity : -Math.log(1 - rng.next()) / rate;
}
