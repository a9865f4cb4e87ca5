import { describe, expect, it } from '@jest/globals';
import { seededRng, gaussian } from '../../shared/index.js';
import { ece } from '../evaluation/metrics.js';
import { calibrated, fitCalibrator, sigmoid, UNCALIBRATED } from './calibration.js';

function drawn(rows: number, distort: (logit: number) => number) {
  const rng = seededRng('calibration');
  const logits = Array.from({ length: rows }, () => gaussian(rng) * 1.5 - 1);
  const labels = logits.map((logit) => (rng.next() < sigmoid(distort(logit)) ? 1 : 0));
  return { logits, labels };
}

describe('beta calibration', () => {
  it('leaves a logit as it is when nothing was learned', () => {
    for (const logit of [-30, -2, 0, 1.5, 30])
      expect(calibrated(UNCALIBRATED, logit)).toBeCloseTo(sigmoid(logit), 12);
  });

  it('mends an overconfident and shifted model to a calibration error below one percent', () => {
    const { logits, labels } = drawn(20_000, (logit) => 0.5 * logit + 0.8);
    const before = ece({ predicted: logits.map(sigmoid), happened: labels }) ?? 1;
    const calibrator = fitCalibrator(logits, labels);
    const after =
      ece({ predicted: logits.map((logit) => calibrated(calibrator, logit)), happened: labels }) ?? 1;
    expect(before).toBeGreaterThan(0.1);
    expect(after).toBeLessThan(0.01);
  });

  it('keeps the order of the candidates', () => {
    const { logits, labels } = drawn(500, (logit) => -logit);
    const calibrator = fitCalibrator(logits, labels);
    const ordered = [-4, -1, 0, 2, 5].map((logit) => calibrated(calibrator, logit));
    expect([...ordered].sort((a, b) => a - b)).toEqual(ordered);
  });

  it('hardly changes anything by a handful of rows', () => {
    const calibrator = fitCalibrator([0.2, -0.4, 1], [1, 0, 1]);
    expect(Math.abs(calibrated(calibrator, 0) - 0.5)).toBeLessThan(0.05);
  });
});
