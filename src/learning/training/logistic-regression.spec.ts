import { describe, expect, it } from '@jest/globals';
import { gaussian, seededRng } from '../../shared/index.js';
import { sigmoid } from './calibration.js';
import { fitLogistic } from './logistic-regression.js';

const ROWS = 20_000;
const truth = [1.2, -0.7, 0];
const intercept = -1;

function drawn() {
  const rng = seededRng('logistic');
  const rows = Float32Array.from({ length: ROWS * truth.length }, () => gaussian(rng));
  const labels = Array.from({ length: ROWS }, (_, row) => {
    const logit = truth.reduce(
      (sum, weight, column) => sum + weight * (rows[row * 3 + column] ?? 0),
      intercept,
    );
    return rng.next() < sigmoid(logit) ? 1 : 0;
  });
  return { rows, labels };
}

describe('logistic regression', () => {
  const { rows, labels } = drawn();
  const { weights, predict } = fitLogistic(rows, labels, truth.length);

  it('recovers the weights that made the labels', () => {
    [...truth, intercept].forEach((weight, place) =>
      expect(Math.abs((weights[place] ?? NaN) - weight)).toBeLessThan(0.06),
    );
  });

  it('stands where the penalised likelihood is flat', () => {
    truth.forEach((_, column) => {
      let slope = weights[column] ?? NaN;
      labels.forEach((label, row) => {
        slope += (predict(rows.subarray(row * 3, row * 3 + 3)) - label) * (rows[row * 3 + column] ?? 0);
      });
      expect(Math.abs(slope)).toBeLessThan(1e-4);
    });
  });

  it('gives a column that says nothing no weight, and copes with one that repeats another', () => {
    const wide = Float32Array.from({ length: 300 * 3 }, (_, place) =>
      place % 3 === 2 ? 0 : (rows[Math.floor(place / 3)] ?? 0),
    );
    const fitted = fitLogistic(wide, labels.slice(0, 300), 3).weights;
    expect(fitted[2]).toBe(0);
    expect(fitted[0]).toBeCloseTo(fitted[1] ?? NaN, 6);
  });
});
