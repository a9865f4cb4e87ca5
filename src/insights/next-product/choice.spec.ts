import { describe, expect, it } from '@jest/globals';
import { seededRng } from '../../shared/index.js';
import { type Choice, fitChoice } from './choice.js';

const settings = { ridge: 0, steps: 200, rate: 0.05 };

/** Twenty candidates with two signals; one is bought, drawn by its share. */
function choices(weights: readonly [number, number], count: number): Choice[] {
  const rng = seededRng('choices');
  return Array.from({ length: count }, () => {
    const signals = Float32Array.from({ length: 40 }, () => rng.next() * 2 - 1);
    const odds = Array.from({ length: 20 }, (_, row) =>
      Math.exp(weights[0] * (signals[row * 2] ?? 0) + weights[1] * (signals[row * 2 + 1] ?? 0)),
    );
    let left = rng.next() * odds.reduce((sum, one) => sum + one, 0);
    const bought = odds.findIndex((one) => (left -= one) < 0);
    return { signals, standsFor: new Float32Array(20), bought: [Math.max(0, bought)] };
  });
}

describe('weights of signals', () => {
  it('are recovered from drawn choices', () => {
    const [first, second] = fitChoice(choices([2, -1], 800), [0, 0], settings);
    expect(Math.abs((first ?? NaN) - 2)).toBeLessThan(0.25);
    expect(Math.abs((second ?? NaN) + 1)).toBeLessThan(0.25);
  });

  it('stay at the prior without choices, and near it under a heavy ridge', () => {
    expect([...fitChoice([], [0.5, 1], settings)]).toEqual([0.5, 1]);
    const [held] = fitChoice(choices([2, -1], 200), [0.5, 1], { ...settings, ridge: 1000 });
    expect(held).toBeCloseTo(0.5, 1);
  });

  it('count a drawn row for all those that it stands for', () => {
    // One bought row of signal 1, one other of signal 0 that stands for nine: the best share of 1/(1+9e^−w) grows with w,
    // and the ridge stops it later than where the other row is one only.
    const one = { signals: Float32Array.of(1, 0), bought: [0] };
    const alone = fitChoice([{ ...one, standsFor: Float32Array.of(0, 0) }], [0], { ...settings, ridge: 0.1 });
    const many = fitChoice([{ ...one, standsFor: Float32Array.of(0, Math.log(9)) }], [0], {
      ...settings,
      ridge: 0.1,
    });
    expect(many[0]).toBeGreaterThan((alone[0] ?? NaN) + 0.5);
  });
});
