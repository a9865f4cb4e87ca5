import { integerBelow, seededRng } from '../../shared/index.js';

export interface ParameterInterval {
  low: number;
  high: number;
}

const RESAMPLES = 1000;
const TAIL = 0.025;
/** Step of the differences, in logs of the parameters. */
const STEP = 1e-4;
/** A parameter that has grown so large, in logs, has no optimum: customers do not differ in it. */
const FURTHEST = 9;

/**
 * 95 % intervals of maximum likelihood parameters by resampling customers, without fitting anew each time: from the
 * optimum θ̂ (in logs) one Newton step towards the optimum of the resample,
 *   θ* = θ̂ + H⁻¹ Σᵢ (wᵢ − 1) sᵢ,
 * wᵢ how often customer i was drawn, sᵢ the slope of its log-likelihood, H minus the sum of its second derivatives
 * (Davison and Hinkley, 1997, 2.7: the one-step bootstrap). Null where H cannot be inverted: the optimum lies at infinity.
 */
export function resampledParameters<Customer>(
  customers: readonly Customer[],
  at: readonly number[],
  logLikelihood: (parameters: readonly number[], customer: Customer) => number,
  seed: string,
): ParameterInterval[] | null {
  const logs = at.map((value) => Math.log(value));
  if (logs.some((log) => Math.abs(log) > FURTHEST)) return null;
  const size = logs.length;
  const valueAt = (shift: readonly number[], customer: Customer): number =>
    logLikelihood(
      logs.map((value, place) => Math.exp(value + (shift[place] ?? 0))),
      customer,
    );
  const shifted = (...moves: [place: number, by: number][]): number[] => {
    const shift = Array.from({ length: size }, () => 0);
    for (const [place, by] of moves) shift[place] = (shift[place] ?? 0) + by;
    return shift;
  };
  const slopes = customers.map((customer) =>
    logs.map(
      (_, place) =>
        (valueAt(shifted([place, STEP]), customer) - valueAt(shifted([place, -STEP]), customer)) / (2 * STEP),
    ),
  );
  const hessian = logs.map((_, one) =>
    logs.map((__, other) => {
      let sum = 0;
      for (const customer of customers)
        sum +=
          valueAt(shifted([one, STEP], [other, STEP]), customer) -
          valueAt(shifted([one, STEP], [other, -STEP]), customer) -
          valueAt(shifted([one, -STEP], [other, STEP]), customer) +
          valueAt(shifted([one, -STEP], [other, -STEP]), customer);
      return -sum / (4 * STEP * STEP);
    }),
  );
  const inverse = inverted(hessian);
  if (!inverse) return null;
  const rng = seededRng(`parameters:${seed}`);
  const drawn = logs.map((): number[] => []);
  for (let round = 0; round < RESAMPLES; round += 1) {
    const sums = slopes.reduce(
      (all, slope) => all.map((sum, place) => sum - (slope[place] ?? 0)),
      Array.from({ length: size }, () => 0),
    );
    for (let draw = 0; draw < customers.length; draw += 1) {
      const slope = slopes[integerBelow(rng, customers.length)] ?? [];
      for (let place = 0; place < size; place += 1) sums[place] = (sums[place] ?? 0) + (slope[place] ?? 0);
    }
    logs.forEach((value, place) => {
      const step = sums.reduce((sum, one, other) => sum + one * (inverse[place]?.[other] ?? 0), 0);
      drawn[place]?.push(Math.exp(value + step));
    });
  }
  return drawn.map((values) => {
    values.sort((a, b) => a - b);
    return {
      low: values[Math.round(TAIL * (RESAMPLES - 1))] ?? NaN,
      high: values[Math.round((1 - TAIL) * (RESAMPLES - 1))] ?? NaN,
    };
  });
}

/** By Gauss and Jordan with pivoting; null where it is singular. */
function inverted(matrix: readonly (readonly number[])[]): number[][] | null {
  const size = matrix.length;
  const rows = matrix.map((row, place) => [...row, ...matrix.map((_, other) => (other === place ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    const chosen = rows[pivot];
    const divisor = chosen?.[column] ?? 0;
    if (!chosen || !(Math.abs(divisor) > 1e-9)) return null;
    rows[pivot] = rows[column] ?? [];
    rows[column] = chosen.map((value) => value / divisor);
    for (let row = 0; row < size; row += 1) {
      const factor = rows[row]?.[column] ?? 0;
      if (row === column || factor === 0) continue;
      rows[row] = (rows[row] ?? []).map((value, place) => value - factor * (rows[column]?.[place] ?? 0));
    }
  }
  return rows.map((row) => row.slice(size));
}
