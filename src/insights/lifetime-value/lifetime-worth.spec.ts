import { describe, expect, it } from '@jest/globals';
import { type Rng, seededRng } from '../../shared/index.js';
import { betaVariate, exponentialVariate, gammaVariate, geometricVariate, poissonVariate } from './chance.js';
import { fitLifetime, purchasesToCome } from './lifetime-model.js';
import { lifetimeWorth } from './lifetime-worth.js';
import { summaries, type Transaction } from './purchase-summary.js';

const WEEK_MS = 7 * 86_400_000;
const START = Date.parse('2024-01-01T12:00:00Z');
const CUT = 60;
const HORIZON = 52;

/** Customers that live as BG/NBD says, over 112 weeks: of the first 60 the models may know. */
function shop(rng: Rng, customers: number): Transaction[] {
  return Array.from({ length: customers }, (_, index) => {
    const rate = gammaVariate(rng, 0.8) / 6;
    const leave = betaVariate(rng, 1, 9);
    const worth = 20 + 5 * gammaVariate(rng, 4);
    const own: Transaction[] = [];
    let week = 20 * rng.next();
    while (week < CUT + HORIZON) {
      own.push({
        customer: `c${index}`,
        at: new Date(START + week * WEEK_MS),
        value: worth * (0.5 + rng.next()),
      });
      if (own.length > 1 && rng.next() < leave) break;
      week += 1 / 7 + exponentialVariate(rng, rate);
    }
    return own;
  }).flat();
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('what customers are worth', () => {
  const all = shop(seededRng('shop'), 1200);
  const end = new Date(START + CUT * WEEK_MS);
  const before = all.filter(({ at }) => at <= end);
  const model = fitLifetime(before, end);
  const known = summaries(before, end);
  const came = new Map<string, number>();
  for (const { customer, at, value } of all)
    if (at > end) came.set(customer, (came.get(customer) ?? 0) + value);
  const settings = { horizonWeeks: HORIZON, yearlyDiscount: 0 };
  const compute = (customer: string, costPerWeek: number) => {
    const summary = known.get(customer);
    if (!model || !summary) throw new Error('nothing is known');
    return lifetimeWorth(model, summary, { costPerWeek, seed: customer, settings });
  };
  const worths = new Map([...known.keys()].map((customer) => [customer, compute(customer, 0)]));
  const worthOf = (customer: string) => worths.get(customer) ?? compute(customer, 0);

  it('comes within a tenth of what they then bring, all together', () => {
    const expected = mean([...known.keys()].map((customer) => worthOf(customer).lifetimeValue));
    const brought = mean([...known.keys()].map((customer) => came.get(customer) ?? 0));
    expect(Math.abs(expected / brought - 1)).toBeLessThan(0.1);
  });

  it('holds for each: the interval has what came in 93 to 98 of 100 cases', () => {
    const inside = [...known.keys()].filter((customer) => {
      const { low, high } = worthOf(customer);
      const brought = came.get(customer) ?? 0;
      return low <= brought && brought <= high;
    });
    expect(inside.length / known.size).toBeGreaterThan(0.93);
    expect(inside.length / known.size).toBeLessThan(0.985);
  });

  it('ranks those who bring much before those who bring nothing', () => {
    const ranked = [...known.keys()].sort((a, b) => worthOf(b).lifetimeValue - worthOf(a).lifetimeValue);
    const tenth = Math.floor(ranked.length / 10);
    const best = mean(ranked.slice(0, tenth).map((customer) => came.get(customer) ?? 0));
    const worst = mean(ranked.slice(-tenth).map((customer) => came.get(customer) ?? 0));
    expect(best).toBeGreaterThan(5 * worst);
  });

  it('chose its way of buying by what came later, and says on how many it rests', () => {
    expect(model?.customers).toBe(known.size);
    expect(model?.holdout?.weeks).toBeGreaterThan(10);
    const { bgNbd = NaN, paretoNbd = NaN } = model?.holdout ?? {};
    expect(model?.buying.kind).toBe(paretoNbd < bgNbd ? 'pareto-nbd' : 'bg-nbd');
  });

  it('is less by what keeping in touch costs, and more by what a purchase gains', () => {
    const [customer = ''] = known.keys();
    const free = worthOf(customer);
    const kept = compute(customer, 2);
    expect(free.lifetimeValue - kept.lifetimeValue).toBeCloseTo(2 * HORIZON * free.probabilityAlive, 6);
    expect(free.gained).toBeGreaterThanOrEqual(free.purchaseValue);
  });

  it('is not told where too few came back', () => {
    expect(fitLifetime(before.slice(0, 20), end)).toBeNull();
  });

  it('expects the same of those who never leave as of a plain rate', () => {
    const buying = { kind: 'bg-nbd', r: 1, alpha: 4, a: 1e-9, b: 1e5, logLikelihood: 0 } as const;
    const summary = { repeats: 3, recency: 10, age: 12, meanValue: 1 };
    expect(purchasesToCome(buying, summary, 8)).toBeCloseTo((4 / 16) * 8, 9);
  });
});

describe('chance', () => {
  it('has the means that it should', () => {
    const rng = seededRng('chance');
    const times = Array.from({ length: 20_000 });
    expect(mean(times.map(() => gammaVariate(rng, 0.3)))).toBeCloseTo(0.3, 1);
    expect(mean(times.map(() => gammaVariate(rng, 7)))).toBeCloseTo(7, 0);
    expect(mean(times.map(() => poissonVariate(rng, 3)))).toBeCloseTo(3, 1);
    expect(mean(times.map(() => poissonVariate(rng, 80)))).toBeCloseTo(80, 0);
    expect(mean(times.map(() => geometricVariate(rng, 0.25)))).toBeCloseTo(4, 0);
    expect(geometricVariate(rng, 0)).toBe(Infinity);
  });
});
