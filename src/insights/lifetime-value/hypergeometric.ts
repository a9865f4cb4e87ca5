const SMALL = 1e-14;
const TERMS = 100_000;

/**
 * Gauss's hypergeometric function ₂F₁(a, b; c; z) for positive a, b, c and z in [0, 1), by its series
 *   Σ (a)ₙ (b)ₙ / (c)ₙ · zⁿ / n!
 * whose terms are all positive, so that nothing cancels. Throws where the series has not settled.
 */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  if (!(z >= 0 && z < 1)) throw new RangeError(`z must be in [0, 1), it is ${z}`);
  let term = 1;
  let sum = 1;
  for (let n = 0; n < TERMS; n += 1) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (term < SMALL * sum) return sum;
  }
  throw new RangeError(`The series of 2F1(${a}, ${b}; ${c}; ${z}) does not settle`);
}
