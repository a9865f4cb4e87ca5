import { describe, expect, it } from '@jest/globals';
import { pick, type Rng, seededRng } from '../../shared/index.js';
import { expectedPurchases, fitBgNbd, probabilityAlive } from './bg-nbd.js';
import { betaVariate } from './chance.js';
import { evaluateSummaries } from './evaluate-lifetime.js';
import { expectedValue, fitGammaGamma } from './gamma-gamma.js';
import { hypergeometric } from './hypergeometric.js';
import { expectedPurchasesByPareto, fitParetoNbd, logLeft, probabilityAliveByPareto } from './pareto-nbd.js';
import { purchasesAfter, summaries } from './purchase-summary.js';

/** Parameters that were published for the CDNOW sample (Fader, Hardie and Lee, 2005). */
const published = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const seen = { repeats: 2, recency: 30.43, age: 38.86, meanValue: 22.35 };

describe('the hypergeometric function', () => {
  it('is −ln(1 − z)/z for a, b, c of 1, 1, 2', () => {
    expect(hypergeometric(1, 1, 2, 0.5)).toBeCloseTo(2 * Math.LN2, 12);
    expect(hypergeometric(1, 1, 2, 0.99)).toBeCloseTo(-Math.log(0.01) / 0.99, 10);
  });
  it('refuses what its series does not reach', () => {
    expect(() => hypergeometric(1, 1, 2, 1)).toThrow('[0, 1)');
  });
});

describe('BG/NBD', () => {
  it('expects what was published for a customer with two repeats', () => {
    expect(expectedPurchases(published, seen, 39)).toBeCloseTo(1.226, 3);
  });
  it('holds a customer who has just bought for alive, and one long silent for gone', () => {
    expect(probabilityAlive(published, { repeats: 8, recency: 38, age: 38.5, meanValue: 0 })).toBeGreaterThan(
      0.9,
    );
    expect(probabilityAlive(published, { repeats: 8, recency: 8, age: 38.5, meanValue: 0 })).toBeLessThan(
      0.05,
    );
  });
  it('finds the parameters that made simulated customers', () => {
    const rng = seededRng('bg-nbd');
    const customers = Array.from({ length: 1500 }, () => bought(rng, { shape: 2, rate: 6, leave: 0.2 }));
    const { r, alpha, a, b } = fitBgNbd(customers);
    expect(r / alpha).toBeCloseTo(2 / 6, 1);
    expect(a / (a + b)).toBeGreaterThan(0.16);
    expect(a / (a + b)).toBeLessThan(0.24);
  });
});

describe('intervals of parameters', () => {
  it('are as wide as those of fitting each resample anew', () => {
    const rng = seededRng('resamples');
    const customers = Array.from({ length: 500 }, () =>
      bought(rng, { shape: 2, rate: 6, leave: betaVariate(rng, 1, 3) }),
    );
    const quick = evaluateSummaries(customers, 'quick').intervals.bgNbd;
    const anew = Array.from({ length: 24 }, () => fitBgNbd(customers.map(() => pick(rng, customers))));
    for (const name of ['r', 'alpha'] as const) {
      const logs = anew.map((one) => Math.log(one[name])).sort((a, b) => a - b);
      // the middle half, which one resample gone astray does not move
      const deviation = ((logs[18] ?? NaN) - (logs[6] ?? NaN)) / 1.349;
      const { low, high } = quick?.[name] ?? { low: NaN, high: NaN };
      const width = (Math.log(high) - Math.log(low)) / (2 * 1.96);
      expect(width / deviation).toBeGreaterThan(0.6);
      expect(width / deviation).toBeLessThan(1.7);
    }
  });
});

describe('Pareto/NBD', () => {
  it('has for those who left what the closed form gives, on either side of α = β', () => {
    const closed = (
      { r, alpha, s, beta }: Record<'r' | 'alpha' | 's' | 'beta', number>,
      { repeats: x, recency, age }: Omit<typeof seen, 'meanValue'>,
    ) => {
      const total = r + s + x;
      const wide = Math.max(alpha, beta);
      const apart = Math.abs(alpha - beta);
      const second = alpha >= beta ? s + 1 : r + x;
      const at = (time: number) =>
        hypergeometric(total, second, total + 1, apart / (wide + time)) / (wide + time) ** total;
      return Math.log(at(recency) - at(age));
    };
    for (const [alpha, beta] of [
      [10.578, 11.668],
      [14, 6],
      [2, 9],
    ] as const)
      for (const [repeats, recency] of [
        [0, 0],
        [2, 30.43],
        [25, 12],
      ] as const) {
        const model = { r: 0.5533, alpha, s: 0.6062, beta };
        const summary = { repeats, recency, age: 38.86, meanValue: 0 };
        expect(logLeft(model, summary)).toBeCloseTo(closed(model, summary), 8);
      }
  });
  it('agrees with BG/NBD about who is active', () => {
    const model = { r: 0.5533, alpha: 10.578, s: 0.6062, beta: 11.668 };
    const active = { repeats: 6, recency: 37, age: 38.5, meanValue: 0 };
    const silent = { repeats: 6, recency: 6, age: 38.5, meanValue: 0 };
    expect(probabilityAliveByPareto(model, active)).toBeGreaterThan(0.9);
    expect(probabilityAliveByPareto(model, silent)).toBeLessThan(0.2);
    expect(expectedPurchasesByPareto(model, active, 39)).toBeGreaterThan(
      5 * expectedPurchasesByPareto(model, silent, 39),
    );
  });
  it('refuses to be fitted to nobody', () => {
    expect(() => fitParetoNbd([])).toThrow('needs customers');
  });
});

describe('Gamma-Gamma', () => {
  it('is null where nobody bought again', () => {
    expect(fitGammaGamma([{ repeats: 0, recency: 0, age: 10, meanValue: 0 }])).toBeNull();
  });
  it('draws what few purchases say towards what all spend', () => {
    const model = { p: 6.25, q: 3.74, v: 15.44 };
    const typical = (model.p * model.v) / (model.q - 1);
    const once = expectedValue(model, { repeats: 1, recency: 1, age: 10, meanValue: 100 });
    const often = expectedValue(model, { repeats: 50, recency: 1, age: 10, meanValue: 100 });
    expect(once).toBeGreaterThan(typical);
    expect(once).toBeLessThan(often);
    expect(often).toBeCloseTo(100, -1);
  });
});

describe('summaries of transactions', () => {
  const at = (day: string, value: number) => ({ customer: 'ana', at: new Date(day), value });
  const transactions = [
    at('2026-01-05T09:00:00Z', 10),
    at('2026-01-05T18:00:00Z', 5),
    at('2026-01-12T10:00:00Z', 20),
    at('2026-01-26T10:00:00Z', 40),
    at('2026-02-20T10:00:00Z', 99),
  ];
  it('count days with purchases after the first, in weeks', () => {
    expect(summaries(transactions, new Date('2026-02-02')).get('ana')).toEqual({
      repeats: 2,
      recency: 3,
      age: 4,
      meanValue: 30,
    });
  });
  it('tell what came after', () => {
    const came = purchasesAfter(transactions, new Date('2026-02-02'), 30);
    expect(came.get('ana')).toEqual({ purchases: 1, value: 99 });
    expect(purchasesAfter(transactions, new Date('2026-02-02'), 5).get('ana')?.purchases).toBe(0);
  });
});

/** A customer with a rate drawn from a gamma of whole shape, who leaves with a fixed chance after each purchase. */
function bought(rng: Rng, { shape, rate, leave }: { shape: number; rate: number; leave: number }) {
  const exponential = (mean: number): number => -mean * Math.log(1 - rng.next());
  const perWeek = Array.from({ length: shape }, () => exponential(1 / rate)).reduce(
    (sum, one) => sum + one,
    0,
  );
  const age = 52;
  let at = 0;
  let repeats = 0;
  let recency = 0;
  for (;;) {
    at += exponential(1 / perWeek);
    if (at > age) break;
    repeats += 1;
    recency = at;
    if (rng.next() < leave) break;
  }
  return { repeats, recency, age, meanValue: 0 };
}
