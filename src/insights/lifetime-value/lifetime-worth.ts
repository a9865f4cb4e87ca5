import { type Rng, seededRng } from '../../shared/index.js';
import { betaVariate, exponentialVariate, gammaVariate, geometricVariate, poissonVariate } from './chance.js';
import { expectedValue } from './gamma-gamma.js';
import { chanceAlive, type LifetimeModel, purchasesToCome } from './lifetime-model.js';
import type { PurchaseSummary } from './purchase-summary.js';

export interface LifetimeSettings {
  /** How far ahead purchases are foreseen. */
  horizonWeeks: number;
  /** What a year of waiting takes off money to come, as a share. */
  yearlyDiscount: number;
}

export const standardLifetime: LifetimeSettings = { horizonWeeks: 52, yearlyDiscount: 0.1 };

/** What is to come from one customer within the horizon. Money as the purchases were counted: margins, if these were. */
export interface LifetimeWorth {
  probabilityAlive: number;
  expectedPurchases: number;
  /** Expected worth of one purchase. */
  purchaseValue: number;
  /** Discounted worth of the purchases to come, less the cost of keeping in touch. */
  lifetimeValue: number;
  /** 95 % prediction interval of it: what this one customer may bring, not how well the mean is known. */
  low: number;
  high: number;
  /** What one purchase today would add: its own worth, and what it says and makes of those after it. */
  gained: number;
}

const WEEKS_A_YEAR = 52;
const STEPS = 13;
const DRAWS = 300;
const TAIL = 0.025;

/**
 * `costPerWeek`: of the touches that keep the customer. `seed`: of the draws, so that the same customer has the same
 * interval.
 */
export function lifetimeWorth(
  model: LifetimeModel,
  summary: PurchaseSummary,
  {
    costPerWeek,
    seed,
    settings = standardLifetime,
  }: { costPerWeek: number; seed: string; settings?: LifetimeSettings },
): LifetimeWorth {
  const probabilityAlive = chanceAlive(model.buying, summary);
  const purchaseValue = Math.max(0, expectedValue(model.worth, summary));
  const cost = costPerWeek * discountedWeeks(settings) * probabilityAlive;
  const worth = purchaseValue * discountedPurchases(model, summary, settings) - cost;
  const today: PurchaseSummary = {
    repeats: summary.repeats + 1,
    recency: summary.age,
    age: summary.age,
    meanValue: (summary.repeats * summary.meanValue + purchaseValue) / (summary.repeats + 1),
  };
  const after = purchaseValue * discountedPurchases(model, today, settings);
  const drawn = draws(model, summary, probabilityAlive, settings, seed).map((value) => value - cost);
  return {
    probabilityAlive,
    expectedPurchases: purchasesToCome(model.buying, summary, settings.horizonWeeks),
    purchaseValue,
    lifetimeValue: worth,
    low: drawn[Math.round(TAIL * (DRAWS - 1))] ?? worth,
    high: drawn[Math.round((1 - TAIL) * (DRAWS - 1))] ?? worth,
    gained: Math.max(0, purchaseValue + after - (worth + cost)),
  };
}

function discountAt(week: number, { yearlyDiscount }: LifetimeSettings): number {
  return (1 - yearlyDiscount) ** (week / WEEKS_A_YEAR);
}

/** Σ (E[purchases by the end of a step] − E[by its beginning]) × discount at its middle. */
function discountedPurchases(
  { buying }: LifetimeModel,
  summary: PurchaseSummary,
  settings: LifetimeSettings,
): number {
  let sum = 0;
  let before = 0;
  for (let step = 1; step <= STEPS; step += 1) {
    const until = (step / STEPS) * settings.horizonWeeks;
    const by = purchasesToCome(buying, summary, until);
    sum += (by - before) * discountAt(until - settings.horizonWeeks / STEPS / 2, settings);
    before = by;
  }
  return sum;
}

function discountedWeeks(settings: LifetimeSettings): number {
  let sum = 0;
  for (let week = 0; week < settings.horizonWeeks; week += 1) sum += discountAt(week + 0.5, settings);
  return sum;
}

/**
 * Worths drawn from the posterior, in order. Given that the customer is alive, rate and leaving are independent:
 * λ ~ gamma(r + x, α + T), and p ~ beta(a, b + x) or μ ~ gamma(s, β + T); given the spending, ν ~ gamma(px + q, v + x z̄).
 */
function draws(
  model: LifetimeModel,
  summary: PurchaseSummary,
  alive: number,
  settings: LifetimeSettings,
  seed: string,
): number[] {
  const rng = seededRng(`lifetime:${seed}`);
  const { p, q, v } = model.worth;
  const { repeats: x, meanValue } = summary;
  const values = Array.from({ length: DRAWS }, () => {
    if (rng.next() >= alive) return 0;
    const { purchases, weeks } = drawPurchases(rng, model.buying, summary, settings.horizonWeeks);
    if (purchases === 0) return 0;
    const rate = gammaVariate(rng, p * x + q) / (v + x * Math.max(0, meanValue));
    return (gammaVariate(rng, p * purchases) / rate) * discountAt(weeks / 2, settings);
  });
  return values.sort((a, b) => a - b);
}

function drawPurchases(
  rng: Rng,
  buying: LifetimeModel['buying'],
  { repeats: x, age }: PurchaseSummary,
  horizon: number,
): { purchases: number; weeks: number } {
  const rate = gammaVariate(rng, buying.r + x) / (buying.alpha + age);
  if (buying.kind === 'pareto-nbd') {
    const weeks = Math.min(
      horizon,
      exponentialVariate(rng, gammaVariate(rng, buying.s) / (buying.beta + age)),
    );
    return { purchases: poissonVariate(rng, rate * weeks), weeks };
  }
  const wanted = poissonVariate(rng, rate * horizon);
  const purchases = Math.min(wanted, geometricVariate(rng, betaVariate(rng, buying.a, buying.b + x)));
  return { purchases, weeks: wanted === 0 ? horizon : (horizon * purchases) / wanted };
}
