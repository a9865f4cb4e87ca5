import type { AccountId, ChannelId, ProductId } from '../../catalogue/index.js';
import type { EventId } from '../../events/index.js';
import type { AccountFacts, Purchase } from './facts.js';
import { doublesSettings } from './settings.js';

/** A purchase of a double: told again only while the log still has it. */
export interface EvidenceRef {
  accountId: AccountId;
  eventId: EventId;
  at: Date;
}

/**
 * What speaks for a product: so many of so many doubles bought it; with a channel, so many of those who were approached
 * there about it, after that.
 */
export interface DoublesEvidence {
  productId: ProductId;
  /** Null: however it came about. */
  channelId: ChannelId | null;
  of: number;
  bought: number;
  /** Weight of evidence: ln of how much likelier a double buys it than any account, in nats. */
  weight: number;
  refs: readonly EvidenceRef[];
}

/** Doubles that bought it, at least. */
const LEAST_BUYERS = 2;
const REFS_KEPT = 5;
const PRODUCTS_KEPT = 8;

/** How many of all accounts bought each product. */
export interface Everybody {
  accounts: number;
  buyers: ReadonlyMap<ProductId, number>;
}

export function countBuyers(all: Iterable<Pick<AccountFacts, 'purchases'>>): Everybody {
  const buyers = new Map<ProductId, number>();
  let accounts = 0;
  for (const { purchases } of all) {
    accounts += 1;
    for (const productId of purchases.keys()) buyers.set(productId, (buyers.get(productId) ?? 0) + 1);
  }
  return { accounts, buyers };
}

/** Of products that the account has not bought, the heaviest first; a product's own channels before all of it. */
export function evidenceFrom(
  own: AccountFacts,
  doubles: readonly AccountFacts[],
  everybody: Everybody,
): DoublesEvidence[] {
  const products = [...new Set(doubles.flatMap(({ purchases }) => [...purchases.keys()]))]
    .filter((productId) => !own.purchases.has(productId))
    .sort();
  return products
    .map((productId) => ofProduct(productId, doubles, everybody))
    .filter((found) => found.length > 0)
    .sort((a, b) => heaviest(b) - heaviest(a))
    .slice(0, PRODUCTS_KEPT)
    .flat();
}

function heaviest(found: readonly DoublesEvidence[]): number {
  return Math.max(...found.map(({ weight }) => weight));
}

function ofProduct(
  productId: ProductId,
  doubles: readonly AccountFacts[],
  { accounts, buyers }: Everybody,
): DoublesEvidence[] {
  const usual = ((buyers.get(productId) ?? 0) + 0.5) / (accounts + 1);
  const channels = [...new Set(doubles.flatMap((double) => channelsAbout(productId, double)))].sort();
  const counted = (channelId: ChannelId | null): DoublesEvidence[] => {
    const asked = doubles.filter(
      (double) => channelId === null || channelsAbout(productId, double).includes(channelId),
    );
    const bought = asked.flatMap((double) => {
      const purchase = boughtAfter(productId, double, channelId);
      return purchase ? [{ accountId: double.accountId, eventId: purchase.eventId, at: purchase.at }] : [];
    });
    const weight = Math.log((bought.length + 0.5) / (asked.length + 1) / usual);
    const enough = asked.length >= doublesSettings.leastTried && bought.length >= LEAST_BUYERS;
    if (!enough || weight <= 0) return [];
    const refs = bought.slice(0, REFS_KEPT);
    return [{ productId, channelId, of: asked.length, bought: bought.length, weight, refs }];
  };
  return [...channels.flatMap(counted), ...counted(null)];
}

function channelsAbout(productId: ProductId, { tries }: AccountFacts): ChannelId[] {
  return tries.flatMap(({ channelId, productIds }) => (productIds.includes(productId) ? [channelId] : []));
}

/** Its first purchase of the product; with a channel, the first after an approach there about it. */
function boughtAfter(
  productId: ProductId,
  { purchases, tries }: AccountFacts,
  channelId: ChannelId | null,
): Purchase | undefined {
  const own = purchases.get(productId) ?? [];
  if (channelId === null) return own[0];
  const since = tries.find((one) => one.channelId === channelId && one.productIds.includes(productId))?.at;
  return since && own.find(({ at }) => at >= since);
}
