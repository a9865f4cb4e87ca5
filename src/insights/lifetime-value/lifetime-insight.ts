import type { AccountId } from '../../catalogue/index.js';
import type { FeatureDefinition } from '../../features/index.js';
import type { AccountInsight, Insight, InsightSources } from '../published/insight.js';
import type { Earnings } from './earnings.js';
import { fitLifetime } from './lifetime-model.js';
import { lifetimeWorth, standardLifetime } from './lifetime-worth.js';
import { summaries, type Transaction } from './purchase-summary.js';

export const LIFETIME_VALUE = 'lifetime-value';
/** Feature that stands for an action's value where the action says so. */
export const LIFETIME_VALUE_GAINED = 'lifetimeValueGained';

const { horizonWeeks, yearlyDiscount } = standardLifetime;
const ahead = `in the next ${horizonWeeks} weeks`;
const discounted = `discounted by ${100 * yearlyDiscount} % a year, less the cost of keeping in touch`;

/** Kept from the model: in training they would be known later than what they are to foretell. */
const declared = {
  kind: 'published',
  insight: LIFETIME_VALUE,
  per: 'account',
  events: ['Order Completed'],
  model: false,
} as const;

const definitions: readonly FeatureDefinition[] = [
  {
    ...declared,
    name: 'probabilityAlive',
    unit: 'probability',
    description: 'Chance that the account still buys, by its purchases so far',
  },
  {
    ...declared,
    name: 'expectedPurchases',
    unit: 'orders',
    description: `Days with a purchase to expect ${ahead}`,
  },
  {
    ...declared,
    name: 'lifetimeValue',
    unit: 'money',
    description: `Margin to expect ${ahead}, ${discounted}`,
  },
  {
    ...declared,
    name: 'lifetimeValueLow',
    unit: 'money',
    description: 'Lower end of its 95 % prediction interval',
  },
  {
    ...declared,
    name: 'lifetimeValueHigh',
    unit: 'money',
    description: 'Upper end of its 95 % prediction interval',
  },
  {
    ...declared,
    name: LIFETIME_VALUE_GAINED,
    unit: 'money',
    description: 'What one purchase now would add to the lifetime value, its own margin included',
  },
];

/** Significant figures of what is published. */
const FIGURES = 6;
const round = (value: number): number => Number(value.toPrecision(FIGURES));

/** Chance to be alive, purchases to come and what they are worth, of every account that has bought. */
export const lifetimeInsight: Insight = {
  name: LIFETIME_VALUE,
  version: '1',
  definitions,
  *compute({ earnings, asOf }: InsightSources): Iterable<AccountInsight> {
    const transactions = transactionsOf(earnings);
    const model = fitLifetime(transactions, asOf);
    if (!model) return;
    const known = summaries(transactions, asOf);
    for (const [place, accountId] of earnings.accounts.entries()) {
      const summary = known.get(accountId);
      if (!summary) continue;
      const costPerWeek = earnings.costPerWeek[place] ?? 0;
      const worth = lifetimeWorth(model, summary, { costPerWeek, seed: accountId });
      yield {
        accountId,
        purchases: summary.repeats + 1,
        numbers: {
          probabilityAlive: round(worth.probabilityAlive),
          expectedPurchases: round(worth.expectedPurchases),
          lifetimeValue: round(worth.lifetimeValue),
          lifetimeValueLow: round(worth.low),
          lifetimeValueHigh: round(worth.high),
          [LIFETIME_VALUE_GAINED]: round(worth.gained),
        },
      };
    }
  },
};

function transactionsOf({ accounts, account, at, margin }: Earnings): Transaction[] {
  return Array.from(at, (time, index) => ({
    customer: accounts[account[index] ?? -1] as AccountId,
    at: new Date(time),
    value: margin[index] ?? 0,
  }));
}
