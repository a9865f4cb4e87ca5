import { describe, expect, it } from '@jest/globals';
import { gaussian, seededRng } from '../../shared/index.js';
import { rankGain } from './choose.js';

describe('what an order gathers', () => {
  const rows = Int32Array.from([0, 1, 2, 3]);
  const score = (row: number) => [4, 0, 2, -2][row] ?? NaN;

  it('is the mean of scores by how early they come', () => {
    // heights 3/8, 1/8, −1/8, −3/8
    const best = rankGain([rows], Float64Array.from([9, 3, 5, 1]), score);
    expect(best.gain).toBeCloseTo((4 * 3 + 2 * 1 + 0 * -1 + -2 * -3) / 8 / 4, 12);
    const worst = rankGain([rows], Float64Array.from([1, 5, 3, 9]), score);
    expect(worst.gain).toBeCloseTo(-best.gain, 12);
  });

  it('is nothing where all predictions are equal, and where they are so within each fold', () => {
    expect(rankGain([rows], new Float64Array(4), score)).toEqual({ gain: 0, error: 0 });
    const folds = [rows.subarray(0, 2), rows.subarray(2)];
    expect(rankGain(folds, Float64Array.from([7, 7, 1, 1]), score)).toEqual({ gain: 0, error: 0 });
  });

  it('is off by its standard error', () => {
    const rng = seededRng('rank-gain');
    const count = 400;
    const all = Int32Array.from({ length: count }, (_, row) => row);
    const predicted = Float64Array.from(all, () => rng.next());
    const rounds = Array.from({ length: 300 }, () => {
      const noise = Float64Array.from(all, () => gaussian(rng));
      return rankGain([all], predicted, (row) => noise[row] as number);
    });
    const spread = Math.sqrt(rounds.reduce((sum, { gain }) => sum + gain ** 2, 0) / rounds.length);
    const told = rounds.reduce((sum, { error }) => sum + error, 0) / rounds.length;
    expect(told / spread).toBeGreaterThan(0.85);
    expect(told / spread).toBeLessThan(1.15);
  });
});
