import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOnlineRetail } from '../../src/importers/index.js';
import {
  judgeRanking,
  NextProduct,
  type NextProductOf,
  type NextProductSettings,
  type NextProductWeights,
  peerScores,
  type Purchase,
  type RankingMetrics,
  splitPurchases,
  standardNextProduct,
} from '../../src/insights/index.js';
import { cloneRoot } from '../../src/main.js';

/**
 * How the settings of the next product were chosen: candidates, fixed beforehand, trained on what was bought before
 * 2011-10-01 and judged on October 2011. Nothing from 2011-11-01 on is read. Writes next-product-choice.md.
 */
const FROM = new Date('2011-10-01T00:00:00Z');
const UNTIL = new Date('2011-11-01T00:00:00Z');
const K = 10;

const comparisons: Partial<NextProductSettings>[] = [
  { exponent: 0.5, halfLifeDays: 45, lambda: 100 },
  { exponent: 0.5, halfLifeDays: 45, lambda: 300 },
  { exponent: 1, halfLifeDays: 45, lambda: 800 },
  { exponent: 1, halfLifeDays: 45, lambda: 100 },
  { exponent: 0.5, halfLifeDays: 45, lambda: 30 },
];
const forNew: Partial<NextProductWeights>[] = [0, 0.03, 0.1].map((popularityWeight) => ({ popularityWeight }));
const forAny: Partial<NextProductWeights>[] = [
  { ownWeight: 0.3, anyPopularityWeight: 0.03 },
  { ownWeight: 0.3, anyPopularityWeight: 1 },
  { ownWeight: 0.4, anyPopularityWeight: 2 },
  { ownWeight: 0.6, anyPopularityWeight: 3 },
].map((weights) => ({ ownHalfLifeDays: 480, ...weights }));

async function orderLines(): Promise<Purchase[]> {
  const { events } = await readOnlineRetail(process.env['NBA_DATA_DIR'] || '../shared/data');
  const orders = [...events].flatMap((item) => (item.kind === 'event' && item.occurredAt < UNTIL ? [item] : []));
  orders.sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  return orders.flatMap(({ accountId, occurredAt, properties }) =>
    (properties['productIds'] as string[]).map((item) => ({ account: String(accountId), item, at: occurredAt })),
  );
}

const lines = await orderLines();
const split = splitPurchases(lines, { kind: 'since', from: FROM, only: 'new' });
const rows: string[] = [];
const note = (only: NextProductOf, what: string, metrics: RankingMetrics): void => {
  const figures = [metrics.hrAtK, metrics.precisionAtK, metrics.ndcgAtK].map((value) => value.toFixed(4));
  rows.push(`| ${only} | ${what} | ${metrics.accounts} | ${figures.join(' | ')} |`);
  process.stderr.write(`${rows.at(-1)}\n`);
};

for (const only of ['new', 'any'] as const) {
  for (const [name, score] of Object.entries(peerScores(split, only))) note(only, name, judgeRanking(split, only, K, score));
}
for (const changes of comparisons) {
  const model = NextProduct.fit(split.train, split.asOf, { ...standardNextProduct, ...changes });
  const judge = (only: NextProductOf, weights: Partial<NextProductWeights>): void => {
    const weighed = model.weighed(weights);
    const metrics = judgeRanking(split, only, K, (account) => weighed.score(account, only));
    note(only, JSON.stringify({ ...changes, ...weights }), metrics);
  };
  for (const weights of forNew) judge('new', weights);
  for (const weights of forAny) judge('any', weights);
}
const page = [
  '# Choice of the settings of the next product',
  `Online Retail, trained before 2011-10-01, judged on October 2011 (${split.train.items.length} items). Made by ` +
    '`node dist/bench/quality/choose-next-product.js`; what was chosen stands in `src/insights/next-product/settings.ts`.',
  ['| products | ranked by | customers | HR@10 | P@10 | NDCG@10 |', '|---|---|---|---|---|---|', ...rows].join('\n'),
];
writeFileSync(join(cloneRoot(), 'bench/quality/next-product-choice.md'), `${page.join('\n\n')}\n`);
