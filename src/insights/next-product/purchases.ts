/** One line of what an account bought. */
export interface Purchase {
  account: string;
  item: string;
  at: Date;
}

/** Purchases with accounts and items as numbers from 0, in the order in which they first appear. */
export interface Purchases {
  accounts: readonly string[];
  items: readonly string[];
  /** Place in `accounts`, one a line. */
  account: Int32Array;
  /** Place in `items`. */
  item: Int32Array;
  /** Unix milliseconds. */
  at: Float64Array;
}

/** The order of the lines decides which item comes first where two are ranked alike. */
export function numbered(lines: readonly Purchase[]): Purchases {
  const accounts = new Map<string, number>();
  const items = new Map<string, number>();
  return {
    account: Int32Array.from(lines, ({ account }) => numberOf(accounts, account)),
    item: Int32Array.from(lines, ({ item }) => numberOf(items, item)),
    at: Float64Array.from(lines, ({ at }) => at.getTime()),
    accounts: [...accounts.keys()],
    items: [...items.keys()],
  };
}

function numberOf(known: Map<string, number>, name: string): number {
  const number = known.get(name) ?? known.size;
  if (number === known.size) known.set(name, number);
  return number;
}

/** What one account bought: item → a weight above zero. */
export type Basket = ReadonlyMap<number, number>;

const DAY = 86_400_000;

/**
 * One basket an account: of each item the sum over its purchases of 2^(−age / half-life), age in days at `asOf`. Lines of
 * one item at one instant are one purchase. An infinite half-life counts purchases.
 */
export function decayedBaskets(purchases: Purchases, halfLifeDays: number, asOf: Date): Basket[] {
  const baskets: Map<number, number>[] = purchases.accounts.map(() => new Map());
  const counted = new Set<string>();
  purchases.account.forEach((account, line) => {
    const item = purchases.item[line] ?? 0;
    const at = purchases.at[line] ?? 0;
    const key = `${account} ${item} ${at}`;
    const basket = baskets[account];
    if (!basket || counted.has(key)) return;
    counted.add(key);
    const weight = 2 ** -((asOf.getTime() - at) / DAY / halfLifeDays);
    basket.set(item, (basket.get(item) ?? 0) + weight);
  });
  return baskets;
}

/** Of each item the number of accounts that bought it since then. */
export function buyersOf(purchases: Purchases, since: Date | null): Float64Array {
  const buyers = new Float64Array(purchases.items.length);
  const counted = new Set<number>();
  const low = since?.getTime() ?? -Infinity;
  purchases.account.forEach((account, line) => {
    const item = purchases.item[line] ?? 0;
    const pair = account * purchases.items.length + item;
    if ((purchases.at[line] ?? 0) < low || counted.has(pair)) return;
    counted.add(pair);
    buyers[item] = (buyers[item] ?? 0) + 1;
  });
  return buyers;
}
