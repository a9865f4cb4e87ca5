import { describe, expect, it } from '@jest/globals';
import { gaussian, seededRng } from '../../shared/index.js';
import { sigmoid } from '../training/calibration.js';
import { judge } from './metrics.js';
import { compareMetrics, metricNames } from './resampled-metrics.js';

const rng = seededRng('resampled');
const logits = Float64Array.from({ length: 1500 }, () => gaussian(rng) - 1);
const happened = Float32Array.from(logits, (logit) => (rng.next() < sigmoid(logit) ? 1 : 0));
const good = logits.map(sigmoid);
const coarse = good.map((p) => Math.round(p * 5) / 5);
const account = Int32Array.from(logits, (_, row) => Math.floor(row / 3));

describe('metrics with intervals', () => {
  const compared = compareMetrics(
    [{ happened, account, predicted: { good, coarse, same: good } }],
    seededRng('draws'),
    200,
  );

  it('are the metrics themselves, within their intervals', () => {
    const plain = judge({ predicted: good, happened });
    for (const metric of metricNames) {
      const { value, low, high } = compared.models['good']![metric];
      expect(value).toBeCloseTo(plain[metric] ?? NaN, 12);
      expect(low).toBeLessThanOrEqual(value ?? NaN);
      expect(high).toBeGreaterThan(value ?? NaN);
    }
  });

  it('compare on the same draws: a model differs from itself by nothing, from a coarser one for certain', () => {
    expect(compared.differences['same']!.auc).toEqual({ value: 0, low: 0, high: 0 });
    expect(compared.differences['coarse']!.logLoss.high).toBeLessThan(0);
  });

  it('cover the true value: the interval of one sample holds the metric of a very large one', () => {
    const draw = seededRng('large');
    const many = Float64Array.from({ length: 100_000 }, () => gaussian(draw) - 1);
    const large = judge({
      predicted: many.map(sigmoid),
      happened: many.map((logit) => (draw.next() < sigmoid(logit) ? 1 : 0)),
    });
    for (const metric of ['auc', 'logLoss', 'brier'] as const) {
      const { low, high } = compared.models['good']![metric];
      expect(low).toBeLessThan(large[metric] ?? NaN);
      expect(high).toBeGreaterThan(large[metric] ?? NaN);
    }
  });

  it('give no interval without resampling, and average over folds', () => {
    const half = { happened: happened.slice(0, 700), predicted: { good: good.slice(0, 700) } };
    const rest = { happened: happened.slice(700), predicted: { good: good.slice(700) } };
    const both = compareMetrics([half, rest], seededRng('none'), 0).models['good']!.auc;
    const [one, other] = [half, rest].map(
      ({ happened: labels, predicted }) => judge({ predicted: predicted.good, happened: labels }).auc ?? NaN,
    );
    expect(both).toEqual({ value: ((one ?? NaN) + (other ?? NaN)) / 2, low: null, high: null });
  });
});
