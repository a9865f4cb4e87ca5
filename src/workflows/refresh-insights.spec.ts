import { describe, expect, it } from '@jest/globals';
import type { FindDoubles } from './find-doubles.js';
import type { FindHours } from './find-hours.js';
import type { PublishInsights } from './publish-insights.js';
import { RefreshInsights } from './refresh-insights.js';

const AT = new Date('2026-03-02T00:00:00Z');
const insights: Pick<PublishInsights, 'run'> = {
  run: () =>
    Promise.resolve({
      publications: [
        { insight: 'next-product', version: '1', asOf: AT, computedAt: AT, accounts: 3, purchases: 9 },
      ],
      underWay: ['lifetime-value'],
    }),
};
const hours: Pick<FindHours, 'run'> = { run: () => Promise.reject(new Error('the database went away')) };
const doubles: Pick<FindDoubles, 'run'> = { run: () => Promise.resolve({ accounts: 3, withDoubles: 2 }) };

describe('finding slow knowledge anew', () => {
  it('goes on after what failed, and tells each step as it ends', async () => {
    const told: string[] = [];
    const refresh = new RefreshInsights(
      insights as PublishInsights,
      hours as FindHours,
      doubles as FindDoubles,
    );
    const all = await refresh.run(AT, ({ insight, problem }) =>
      told.push(`${insight}${problem ? `: ${problem.message}` : ''}`),
    );
    expect(told).toEqual(['published', 'hours: the database went away', 'doubles']);
    expect(all.map((one) => one.told)).toEqual([
      ['next-product: 3 accounts', 'lifetime-value: another process is publishing it'],
      [],
      ['doubles: 2 accounts'],
    ]);
  });
});
