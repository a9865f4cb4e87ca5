import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawIndex, seededRng } from '../../shared/index.js';
import { inverseGapWeights } from './inverse-gap.js';

const settings = { mode: 'squarecb', gamma: 40, floor: 0.005 } as const;

describe('inverse-gap weighting', () => {
  it('gives each arm 1 / (K + γ gap), and the best the rest', () => {
    const [best, half, none] = inverseGapWeights([10, 5, 0], settings);
    expect(half).toBeCloseTo(1 / (3 + 40 * 0.5), 12);
    expect(none).toBeCloseTo(1 / (3 + 40), 12);
    expect(best).toBeCloseTo(1 - 1 / 23 - 1 / 43, 12);
  });

  it('is uniform when nothing is better than anything', () => {
    expect(inverseGapWeights([0, 0, 0, 0], settings)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('is a distribution with every arm at the floor or above, and the best never below another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 11 }),
        fc.double({ min: 0.01, max: 1e5, noNaN: true }),
        (priorities, gamma) => {
          const weights = inverseGapWeights(priorities, { mode: 'squarecb', gamma, floor: 0.005 });
          expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
          expect(Math.min(...weights)).toBeGreaterThanOrEqual(0.005 - 1e-12);
          const best = priorities.indexOf(Math.max(...priorities));
          expect(weights[best]).toBeGreaterThanOrEqual(Math.max(...weights) - 1e-9);
        },
      ),
    );
  });

  it('takes the best always in greedy mode', () => {
    expect(inverseGapWeights([1, 3, 0], { ...settings, mode: 'greedy' })).toEqual([0, 1, 0]);
  });

  it('refuses a floor that leaves nothing to choose', () => {
    expect(() => inverseGapWeights([1, 2], { ...settings, floor: 0.5 })).toThrow('leaves nothing to choose');
  });

  it('is what the draws show: 20,000 seeds land within four standard errors of every probability', () => {
    const weights = inverseGapWeights([8, 6, 6, 1, 0], { ...settings, gamma: 10 });
    const draws = 20_000;
    const counts = weights.map(() => 0);
    for (let seed = 0; seed < draws; seed += 1) {
      const chosen = drawIndex(seededRng(`draw ${seed}`), weights);
      counts[chosen] = (counts[chosen] ?? 0) + 1;
    }
    weights.forEach((weight, arm) => {
      const error = Math.sqrt((weight * (1 - weight)) / draws);
      expect(Math.abs((counts[arm] ?? 0) / draws - weight)).toBeLessThan(4 * error);
    });
  });
});
