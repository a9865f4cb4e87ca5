import type { AccountId, ActionId, ChannelId, ProductId } from '../../catalogue/index.js';
import { seededRng } from '../../shared/index.js';
import { type AccountFacts, approachKey } from './facts.js';
import type { Try } from './ports.js';
import { type Interval, median, resampled, wilson } from './intervals.js';
import { doublesSettings } from './settings.js';

/** A product that doubles buy, and the account does not or less. Money in the configured currency, of the time compared. */
export interface ProductGap {
  productId: ProductId;
  /** Share of the doubles that bought it. */
  boughtByShare: number;
  boughtBy: number;
  /** Of those that bought it. */
  medianValue: number;
  ownValue: number;
  /** medianValue − ownValue, with its 95 % interval from resampling the doubles. */
  gap: number;
  gapInterval: Interval;
}

/** An action on a channel that was tried with doubles. */
export interface ApproachResult {
  actionId: ActionId;
  channelId: ChannelId;
  /** Doubles with whom it was tried and whose time to respond is over; and those of them with whom it once succeeded. */
  tried: number;
  succeeded: number;
  /** How often it was tried with them in all. */
  touches: number;
  rate: number;
  /** 95 % interval of the rate (Wilson), over doubles. */
  low: number;
  high: number;
}

/** What was bought, the largest expected gap (share × gap) first; products that it buys as much of are left out. */
export function productGaps(own: AccountFacts, doubles: readonly AccountFacts[]): ProductGap[] {
  const products = [...new Set(doubles.flatMap(({ spent }) => [...spent.keys()]))].sort();
  const rng = seededRng(`gap:${own.accountId}`);
  return products
    .flatMap((productId): ProductGap[] => {
      const bought = (double: AccountFacts): number => Math.max(0, double.spent.get(productId) ?? 0);
      const values = doubles.map(bought);
      const buyers = values.filter((value) => value > 0);
      const boughtByShare = buyers.length / doubles.length;
      const ownValue = Math.max(0, own.spent.get(productId) ?? 0);
      const typical = (drawn: readonly number[]) => median(drawn.filter((value) => value > 0));
      const medianValue = typical(values);
      if (boughtByShare < doublesSettings.leastShare || !(medianValue > ownValue)) return [];
      const { low, high } = resampled(values, typical, rng);
      return [
        {
          productId,
          boughtByShare,
          boughtBy: buyers.length,
          medianValue,
          ownValue,
          gap: medianValue - ownValue,
          gapInterval: { low: low - ownValue, high: high - ownValue },
        },
      ];
    })
    .sort((a, b) => b.boughtByShare * b.gap - a.boughtByShare * a.gap);
}

/**
 * By the lower end of the interval, the best first. Tries whose window is open are left out, since their successes come
 * before their failures; while too few are over they count too, as not succeeded yet.
 */
export function approachResults(doubles: readonly AccountFacts[]): ApproachResult[] {
  const over = tally(doubles, ({ open }) => !open);
  const all = tally(doubles, () => true);
  return [...all]
    .map(([key, whole]) => {
      const closed = over.get(key);
      return closed && closed.tried >= doublesSettings.leastTried ? closed : whole;
    })
    .filter(({ tried }) => tried >= doublesSettings.leastTried)
    .map((one) => ({ ...one, rate: one.succeeded / one.tried, ...wilson(one.succeeded, one.tried) }))
    .sort((a, b) => b.low - a.low || b.tried - a.tried || (approachKey(a) < approachKey(b) ? -1 : 1));
}

type Tally = Omit<ApproachResult, 'rate' | 'low' | 'high'>;

/** Tries of one account are no independent trials: it counts once, as succeeded if one of them did. */
function tally(doubles: readonly AccountFacts[], counts: (one: Try) => boolean): Map<string, Tally> {
  const found = new Map<string, Tally>();
  for (const { tries } of doubles) {
    const own = new Map<string, Try[]>();
    for (const one of tries.filter(counts)) {
      const key = approachKey(one);
      own.set(key, [...(own.get(key) ?? []), one]);
    }
    for (const [key, [first, ...more]] of own) {
      if (!first) continue;
      const { actionId, channelId } = first;
      const known = found.get(key) ?? { actionId, channelId, tried: 0, succeeded: 0, touches: 0 };
      known.tried += 1;
      known.succeeded += [first, ...more].some(({ succeeded }) => succeeded) ? 1 : 0;
      known.touches += 1 + more.length;
      found.set(key, known);
    }
  }
  return found;
}

/** A product or a property that an account and its double have in common. */
export interface Shared {
  kind: 'attribute' | 'product';
  name: string;
  /** Of an attribute. */
  value: string | number | boolean | null;
}

export interface Double {
  accountId: AccountId;
  /** From the least that is asked to 1. */
  similarity: number;
}

/** Everything that doubles tell of an account. */
export interface DoublesReport {
  doubles: readonly Double[];
  products: readonly ProductGap[];
  approaches: readonly ApproachResult[];
}
