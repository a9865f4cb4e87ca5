import type { ProductId } from '../../catalogue/index.js';
import type { FeatureDefinition } from '../../features/index.js';
import { digest } from '../../shared/index.js';
import type {
  AccountInsight,
  Insight,
  InsightGround,
  InsightNumbers,
  InsightSources,
} from '../published/insight.js';
import type { PurchaseHistory } from '../published/purchase-history.js';
import { NextProduct } from './next-product.js';
import type { Purchases } from './purchases.js';
import { topPlaces } from './ranking-metrics.js';
import { chanceWithin, type Rhythm } from './rhythm.js';
import { type NextProductSettings, standardNextProduct } from './settings.js';
import { REPEAT_DAYS } from './signals.js';

/** Products published of one account: new to it, and to be ordered again. */
const PRODUCTS = 20;
/**
 * Orders from which on a rhythm is told, and what makes it due: the chance of an order within thirty days, and how
 * near it is.
 */
const LEAST_ORDERS = 3;
const LEAST_CHANCE = 0.2;
const DUE_FROM = 0.75;
/** Of numbers that are published, more digits say nothing. */
const DIGITS = 4;

const published = {
  per: 'account',
  by: 'product',
  kind: 'published',
  insight: 'next-product',
  events: ['Order Completed'],
} as const;

const definitions: readonly FeatureDefinition[] = [
  {
    ...published,
    name: 'newProductLift',
    unit: 'times',
    description:
      'Of a product that the account never ordered: how many times likelier it is next than the mean product',
    reason: 'bought-together',
    interest: true,
  },
  {
    ...published,
    name: 'newProductRank',
    unit: 'rank',
    description: 'Place of the product among those that the account never ordered, the likeliest first',
    reason: 'bought-together',
  },
  {
    ...published,
    name: 'reorderLift',
    unit: 'times',
    description: 'Of a product that is due again: how many times likelier it is next than the mean product',
    reason: 'due-again',
    interest: true,
  },
  {
    ...published,
    name: 'reorderChance',
    unit: 'share',
    description: `Chance that the account orders the product again within ${REPEAT_DAYS} days`,
    reason: 'due-again',
  },
  {
    ...published,
    name: 'reorderEveryDays',
    unit: 'days',
    description: 'Usual days between two orders of the product by the account',
    reason: 'due-again',
  },
];

/** What each account is likely to order next: products that are new to it, and products that are due again. */
export class NextProductInsight implements Insight {
  readonly name = 'next-product';
  readonly version: string;
  readonly definitions = definitions;

  constructor(private readonly settings: NextProductSettings) {
    this.version = digest(['next-product', 1, settings, PRODUCTS, LEAST_ORDERS, LEAST_CHANCE]).slice(0, 16);
  }

  *compute({ history, offered, asOf }: InsightSources): Generator<AccountInsight> {
    if (history.lines.order.length === 0) return;
    const purchases = purchasesOf(history);
    const model = NextProduct.fit(purchases, asOf, this.settings);
    const isOffered = history.products.map((product) => offered.has(product));
    const orders = ordersOf(history);
    for (const [account, accountId] of history.accounts.entries()) {
      const found = new AccountProducts(model, account, history.products, isOffered);
      const { numbers, grounds } = found.published();
      if (Object.keys(numbers).length === 0) continue;
      yield { accountId, purchases: orders[account] ?? 0, numbers, grounds };
    }
  }
}

export const nextProductInsight = new NextProductInsight(standardNextProduct);

class AccountProducts {
  constructor(
    private readonly model: NextProduct,
    private readonly account: number,
    private readonly products: readonly ProductId[],
    private readonly isOffered: readonly boolean[],
  ) {}

  published(): { numbers: InsightNumbers; grounds: Record<ProductId, InsightGround> } {
    const rhythms = this.model.rhythms(this.account);
    const fresh = this.freshProducts(rhythms);
    const due = this.dueProducts(rhythms);
    const columns: [string, [ProductId, number][]][] = [
      ['newProductLift', fresh.map(({ product, lift }) => [product, lift])],
      ['newProductRank', fresh.map(({ product }, place) => [product, place + 1])],
      ['reorderLift', due.map(({ product, lift }) => [product, lift])],
      ['reorderChance', due.map(({ product, chance }) => [product, chance])],
      ['reorderEveryDays', due.map(({ product, everyDays }) => [product, everyDays])],
    ];
    const numbers = Object.fromEntries(
      columns
        .filter(([, rows]) => rows.length > 0)
        .map(([name, rows]) => [
          name,
          Object.fromEntries(rows.map(([product, value]) => [product, short(value)])),
        ]),
    );
    return { numbers, grounds: this.groundsOf(fresh.map(({ item }) => item)) };
  }

  private freshProducts(own: ReadonlyMap<number, Rhythm>) {
    const scores = this.model.score(this.account, 'new');
    const lifts = liftsOf(scores, (item) => this.isOffered[item] === true && !own.has(item));
    return topPlaces(scores, PRODUCTS, (item) => !this.isOffered[item] || own.has(item)).map((item) => ({
      item,
      product: this.product(item),
      lift: lifts(item),
    }));
  }

  private dueProducts(own: ReadonlyMap<number, Rhythm>) {
    const due = [...own].flatMap(([item, rhythm]) => {
      const chance = chanceWithin(rhythm, REPEAT_DAYS);
      const isDue =
        rhythm.orders >= LEAST_ORDERS &&
        chance >= LEAST_CHANCE &&
        rhythm.sinceDays >= DUE_FROM * rhythm.everyDays;
      return isDue && this.isOffered[item] ? [{ item, chance, everyDays: rhythm.ownDays }] : [];
    });
    if (due.length === 0) return [];
    const lifts = liftsOf(this.model.score(this.account, 'any'), (item) => this.isOffered[item] === true);
    return due
      .sort((a, b) => b.chance - a.chance || a.item - b.item)
      .slice(0, PRODUCTS)
      .map((one) => ({ ...one, product: this.product(one.item), lift: lifts(one.item) }));
  }

  private groundsOf(items: readonly number[]): Record<ProductId, InsightGround> {
    const grounds: Record<ProductId, InsightGround> = {};
    for (const item of items) {
      const lead = this.model.ledBy(this.account, item);
      if (lead === undefined) continue;
      const accounts = this.model.coBuyers(lead, item);
      if (accounts > 0) grounds[this.product(item)] = { productId: this.product(lead), accounts };
    }
    return grounds;
  }

  private product(item: number): ProductId {
    return this.products[item] as ProductId;
  }
}

/** exp(score) over its mean among the admitted items. */
function liftsOf(scores: Float64Array, admitted: (item: number) => boolean): (item: number) => number {
  let most = -Infinity;
  scores.forEach((score, item) => {
    if (admitted(item) && score > most) most = score;
  });
  let sum = 0;
  let count = 0;
  scores.forEach((score, item) => {
    if (!admitted(item)) return;
    sum += Math.exp(score - most);
    count += 1;
  });
  return (item) => (Math.exp((scores[item] ?? -Infinity) - most) * count) / (sum || 1);
}

function short(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

function purchasesOf({ accounts, products, orders, lines }: PurchaseHistory): Purchases {
  return {
    accounts,
    items: products,
    account: lines.order.map((order) => orders.account[order] ?? 0),
    item: lines.product,
    at: Float64Array.from(lines.order, (order) => orders.at[order] ?? 0),
  };
}

function ordersOf({ accounts, orders }: PurchaseHistory): Int32Array {
  const counts = new Int32Array(accounts.length);
  for (const account of orders.account) counts[account] = (counts[account] ?? 0) + 1;
  return counts;
}
