import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOnlineRetail } from '../../src/importers/index.js';
import {
  judgeRanking,
  NextProduct,
  type NextProductSettings,
  peerScores,
  type Purchase,
  type RankingMetrics,
  splitPurchases,
  standardNextProduct,
} from '../../src/insights/index.js';
import { cloneRoot } from '../../src/main.js';

/**
 * How the settings of the next product were chosen: candidates, fixed beforehand, trained on what was bought before a
 * month and judged on that month, for two months. Nothing from 2011-11-01 on is read. Writes next-product-choice.md.
 */
const MONTHS = [
  ['2011-09-01', '2011-10-01'],
  ['2011-10-01', '2011-11-01'],
] as const;
const UNTIL = new Date('2011-11-01T00:00:00Z');
const K = 10;
const { choice } = standardNextProduct;

const candidates: Partial<NextProductSettings>[] = [
  {},
  { halfLifeDays: 45 },
  { lambda: 15 },
  { weighedOnAccounts: 1500, choice: { ...choice, steps: 250 } },
];

async function orderLines(): Promise<Purchase[]> {
  const { events } = await readOnlineRetail(process.env['NBA_DATA_DIR'] || '../shared/data');
  const orders = [...events].flatMap((item) => (item.kind === 'event' && item.occurredAt < UNTIL ? [item] : []));
  orders.sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  return orders.flatMap(({ accountId, occurredAt, properties }) =>
    (properties['productIds'] as string[]).map((item) => ({ account: String(accountId), item, at: occurredAt })),
  );
}

const rows: string[] = [];
const note = (month: string, only: string, what: string, metrics: RankingMetrics): void => {
  const figures = [metrics.hrAtK, metrics.precisionAtK, metrics.ndcgAtK].map((value) => value.toFixed(4));
  rows.push(`| ${month} | ${only} | ${what} | ${metrics.accounts} | ${figures.join(' | ')} |`);
  process.stderr.write(`${rows.at(-1)}\n`);
};

const lines = await orderLines();
for (const [from, until] of MONTHS) {
  const before = lines.filter(({ at }) => at < new Date(`${until}T00:00:00Z`));
  const split = splitPurchases(before, { kind: 'since', from: new Date(`${from}T00:00:00Z`), only: 'any' });
  for (const only of ['new', 'any'] as const) {
    for (const [name, score] of Object.entries(peerScores(split, only)))
      note(from, only, name, judgeRanking(split, only, K, score).result());
  }
  for (const changes of candidates) {
    const model = NextProduct.fit(split.train, split.asOf, { ...standardNextProduct, ...changes });
    for (const only of ['new', 'any'] as const) {
      const judged = judgeRanking(split, only, K, (account) => model.score(account, only));
      note(from, only, `engine ${JSON.stringify(changes)}`, judged.result());
    }
  }
}
const page = [
  '# Choice of the settings of the next product',
  'Online Retail, trained before each month and judged on it; nothing from 2011-11-01 on was read. Made by ' +
    '`node dist/bench/quality/choose-next-product.js`; what was chosen stands in `src/insights/next-product/settings.ts`.',
  [
    '| month | products | ranked by | customers | HR@10 | P@10 | NDCG@10 |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n'),
];
writeFileSync(join(cloneRoot(), 'bench/quality/next-product-choice.md'), `${page.join('\n\n')}\n`);
