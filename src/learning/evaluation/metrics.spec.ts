import { describe, expect, it } from '@jest/globals';
import { auc, brier, ece, lift, logLoss } from './metrics.js';

describe('AUC', () => {
  it('is the share of pairs in the right order, counted by hand', () => {
    // Positives .8 and .4 against negatives .6 and .2: three of four pairs are in order.
    expect(auc({ predicted: [0.8, 0.6, 0.4, 0.2], happened: [1, 0, 1, 0] })).toBeCloseTo(0.75, 12);
  });

  it('counts a tie between a positive and a negative as half', () => {
    expect(auc({ predicted: [0.5, 0.5, 0.9], happened: [1, 0, 0] })).toBeCloseTo(0.25, 12);
    expect(auc({ predicted: [0.3, 0.3, 0.3, 0.3], happened: [1, 0, 1, 0] })).toBeCloseTo(0.5, 12);
  });

  it('is unknown where only one thing happened', () => {
    expect(auc({ predicted: [0.1, 0.9], happened: [1, 1] })).toBeNull();
  });
});

describe('log-loss and Brier score', () => {
  const judged = { predicted: [0.9, 0.2], happened: [1, 0] };

  it('are the means over the rows, computed by hand', () => {
    expect(logLoss(judged)).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8)) / 2, 12);
    expect(brier(judged)).toBeCloseTo((0.01 + 0.04) / 2, 12);
  });

  it('stay finite when a certain prediction is wrong', () => {
    expect(logLoss({ predicted: [1], happened: [0] })).toBeCloseTo(-Math.log(1e-7), 3);
  });

  it('are unknown without rows', () => {
    expect(logLoss({ predicted: [], happened: [] })).toBeNull();
    expect(brier({ predicted: [], happened: [] })).toBeNull();
  });
});

describe('expected calibration error', () => {
  it('weighs the gap of each tenth by its rows', () => {
    // Two rows at .15 of which one happened (gap .35 each), two at .95 that happened (gap .05 each).
    const judged = { predicted: [0.15, 0.15, 0.95, 0.95], happened: [1, 0, 1, 1] };
    expect(ece(judged)).toBeCloseTo((2 * 0.35 + 2 * 0.05) / 4, 12);
  });

  it('puts a probability of one into the last tenth', () => {
    expect(ece({ predicted: [1, 0.9], happened: [1, 1] })).toBeCloseTo(0.05, 12);
  });
});

describe('lift at a share', () => {
  it('compares the highest rows with all', () => {
    const predicted = [0.9, 0.8, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
    const happened = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    expect(lift({ predicted, happened }, 0.1)).toBeCloseTo(1 / 0.2, 12);
  });

  it('takes the mean of rows that are tied at the border', () => {
    const happened = [1, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    expect(lift({ predicted: happened.map(() => 0.5), happened }, 0.1)).toBeCloseTo(1, 12);
  });
});
