import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { withService } from '../../src/main.js';
import { type Figure, type Findings, measured, published, type Reference } from './figures.js';
import { type Installation, printed } from './installation.js';
import { rescoreAll } from './rescoring.js';

const SPLIT = '2011-11-01';
const K = 10;
const RESCORING_LIMIT_SECONDS = 1200;

interface Ranking {
  accounts: number;
  hrAtK: number;
  precisionAtK: number;
  ndcgAtK: number;
  recallAtK: number;
}
type Measured = 'hrAtK' | 'precisionAtK' | 'ndcgAtK';
type Intervals = Record<Measured, { low: number; high: number }>;

/** What `nba evaluate next-product --json` prints. */
interface Printed extends Ranking {
  items: number;
  trainPurchases: number;
  settings: unknown;
  settingsDigest: string;
  weights: Record<string, number>;
  intervals: Intervals;
  peers: Record<string, Ranking & { difference: Intervals }>;
  seconds: Record<string, number>;
}

/** HR@10, P@10, NDCG@10. */
const references: Record<'new' | 'any', Record<string, [number, number, number]>> = {
  new: { popularity: [0.254, 0.035, 0.038], 'item-kNN cosine': [0.406, 0.073, 0.089] },
  any: {
    popularity: [0.474, 0.079, 0.087],
    'item-kNN cosine': [0.605, 0.187, 0.202],
    'personal frequency': [0.839, 0.297, 0.344],
  },
};

export async function measureOnlineRetail(installation: Installation): Promise<Findings> {
  const importing = printed<Record<string, unknown>>(
    await installation.nba(['import', 'online-retail', '--json']),
  );
  const file = join(installation.home, 'purchases.csv');
  const purchases = await exportPurchases(installation, file);
  const judge = async (only: 'new' | 'any'): Promise<Printed> => {
    const command = `evaluate next-product --protocol since:${SPLIT} --only ${only} --k ${K} --json --input`;
    return printed<Printed>(await installation.nba([...command.split(' '), file]));
  };
  const fresh = await judge('new');
  const any = await judge('any');
  return {
    importing,
    split: { since: SPLIT, purchases, trainPurchases: fresh.trainPurchases, items: fresh.items },
    training: {
      settings: fresh.settings,
      settingsFile: 'src/insights/next-product/settings.ts',
      settingsDigest: fresh.settingsDigest,
      learnedWeights: { new: fresh.weights, any: any.weights },
      seconds: { new: fresh.seconds, any: any.seconds },
    },
    figures: [...figuresOf('new', fresh), ...figuresOf('any', any)],
    rescoring: await rescoreAll(installation, RESCORING_LIMIT_SECONDS),
    notes: [
      'Relevant is what was bought later among the items of the training period. The published item-kNN is stronger than the one computed here (all neighbours, 0/1 baskets); personal frequency is broken by number of buyers.',
      'Judged on the orders as the service holds them after the import, written out with one row an order line, in the order of the file.',
'The settings were chosen on September and October 2011, training before each; what the signals weigh is learned from the last thirty days of the training period: bench/quality/next-product-choice.md.',
      'The data has no touches, so there is no response model: the re-scoring decides by the declared fallback rules and says so.',
    ],
  };
}

/** Order lines of the imported events in order of the file: account, item, timestamp. */
function exportPurchases(installation: Installation, file: string): Promise<number> {
  return withService(installation.config, async (_app, { database }) => {
    const lines = await database.database.query<{ account: string; item: string; at: Date }[]>(ORDER_LINES);
    const out = createWriteStream(file);
    out.write('account,item,timestamp\n');
    for (const { account, item, at } of lines) out.write(`${account},${item},${at.toISOString()}\n`);
    out.end();
    await once(out, 'close');
    return lines.length;
  });
}

const ORDER_LINES = `
  select events.account_id as "account", line.value ->> 'productId' as "item", events.occurred_at as "at"
  from events, jsonb_array_elements(events.properties -> 'products') with ordinality as line (value, place)
  where events.name = 'Order Completed'
  order by events.message_id, line.place`;

function figuresOf(only: 'new' | 'any', ranking: Printed): Figure[] {
  const measures = [
    ['HR@10', 'hrAtK'],
    ['P@10', 'precisionAtK'],
    ['NDCG@10', 'ndcgAtK'],
  ] as const;
  return measures.map(([name, key], place) => ({
    what: `${only === 'new' ? 'products new to the customer' : 'any product'}, ${name}`,
    ours: ranking[key],
    better: 'higher',
    on: ranking.accounts,
    interval: ranking.intervals[key],
    references: [
      ...Object.entries(ranking.peers).map(
        ([peer, figures]): Reference => ({
          ...measured(peer, figures[key]),
          difference: figures.difference[key],
        }),
      ),
      ...Object.entries(references[only]).map(([peer, figures]) => published(peer, figures[place] ?? NaN)),
    ],
  }));
}
