import { describe, expect, it } from '@jest/globals';
import { RankedRows } from './ranking.js';

const ranked = (predicted: number[], treated: number[], outcome: number[]) =>
  new RankedRows(
    Int32Array.from(predicted, (_, row) => row),
    Float64Array.from(predicted),
    Uint8Array.from(treated),
    Float64Array.from(outcome),
    outcome.every((value) => value === 0 || value === 1),
  );

// By hand, in the order of the predictions: (t, y) = (1,1) (0,0) (1,1) (0,1) (1,0) (0,1).
const predicted = [6, 5, 4, 3, 2, 1];
const treated = [1, 0, 1, 0, 1, 0];
const outcome = [1, 0, 1, 1, 0, 1];

describe('how well predictions rank rows by what the treatment changes', () => {
  it('has the Qini of a curve drawn by hand', () => {
    // heights 1, 1, 2, 1, 1/2, 0: area 11/2 by trapezoids; the diagonal ends at 0
    // perfect: two treated who responded (height 2), two who did not respond (2), two of the control who did (0)
    const perfect = ((0 + 2) / 2) * 2 + ((2 + 2) / 2) * 2 + ((2 + 0) / 2) * 2;
    expect(ranked(predicted, treated, outcome).measure().qini).toBeCloseTo(5.5 / perfect, 12);
  });

  it('has the area under the uplift curve drawn by hand', () => {
    // heights (rate of treated less rate of control) × rows: 1, 2, 3, 2, 5/6, 0
    const area = 0.5 + 1.5 + 2.5 + 2.5 + (2 + 5 / 6) / 2 + 5 / 12;
    // perfect, control responders being the commoner error: (1,1)² (0,0) (0,1)² (1,0): 2, 3, 5/3, 0 after 2, 3, 5, 6 rows
    const perfect = 2 + 2.5 + (3 + 5 / 3) + 5 / 6;
    expect(ranked(predicted, treated, outcome).measure().auuc).toBeCloseTo(area / perfect, 12);
  });

  it('takes the treated less the control among those ranked first', () => {
    const { upliftAt10, upliftAt30 } = ranked(
      Array.from({ length: 20 }, (_, row) => 20 - row),
      Array.from({ length: 20 }, (_, row) => (row + 1) % 2),
      [1, 0, 1, 1, 0, 1, ...Array.from({ length: 14 }, () => 0)],
    ).measure();
    expect(upliftAt10).toBe(1);
    expect(upliftAt30).toBeCloseTo(2 / 3 - 2 / 3, 12);
  });

  it('counts rows with the same prediction as one step, whatever their order', () => {
    const tied = ranked([1, 1, 1, 1], [1, 0, 1, 0], [1, 0, 0, 1]).measure();
    const turned = ranked([1, 1, 1, 1], [0, 1, 0, 1], [1, 0, 0, 1]).measure();
    expect(tied.qini).toBeCloseTo(0, 12);
    expect(turned.qini).toBeCloseTo(0, 12);
  });

  it('is the same for a row of weight two as for the row twice', () => {
    const weights = [1, 2, 1, 0, 1, 3];
    const rows = weights.flatMap((weight, row) => Array.from({ length: weight }, () => row));
    const twice = ranked(
      rows.map((row) => predicted[row] ?? 0),
      rows.map((row) => treated[row] ?? 0),
      rows.map((row) => outcome[row] ?? 0),
    ).measure();
    const weighed = ranked(predicted, treated, outcome).measure(weights);
    expect(weighed.qini).toBeCloseTo(twice.qini ?? NaN, 12);
    expect(weighed.auuc).toBeCloseTo(twice.auuc ?? NaN, 12);
    expect(weighed.upliftAt30).toBeCloseTo(twice.upliftAt30 ?? NaN, 12);
  });

  it('has no normalised area for amounts', () => {
    expect(ranked(predicted, treated, [5, 0, 2, 1, 0, 1]).measure()).toMatchObject({
      qini: null,
      auuc: null,
    });
  });
});
