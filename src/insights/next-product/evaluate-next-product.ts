import { digest } from '../../shared/index.js';
import { ItemNeighbours } from './item-neighbours.js';
import { NextProduct } from './next-product.js';
import { buyersOf, decayedBaskets, numbered, type Purchase, type Purchases } from './purchases.js';
import { type RankingMetrics, RankingJudge, topPlaces } from './ranking-metrics.js';
import { type RankingIntervals, rankingIntervals } from './ranking-intervals.js';
import type { NextProductSettings } from './settings.js';
import { signalsOf } from './signals.js';
import type { NextProductOf } from './weighing.js';

/** `since`: purchases before the moment train, later ones judge. `leave-last-out`: the last moment of each account judges. */
export type NextProductProtocol =
  { kind: 'since'; from: Date; only: NextProductOf } | { kind: 'leave-last-out'; only: NextProductOf };

/** A training period, and per account (its number in the training period) what it bought afterwards. */
export interface NextProductSplit {
  train: Purchases;
  /** End of the training period. */
  asOf: Date;
  /** Items that nobody bought before cannot be ranked and are left out. */
  later: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Scores of one account's items; the account by its number. */
export type Score = (account: number) => ArrayLike<number>;

/** Throws when nothing remains to train on or to judge. */
export function splitPurchases(lines: readonly Purchase[], protocol: NextProductProtocol): NextProductSplit {
  const isLater = protocol.kind === 'since' ? laterThan(protocol.from) : lastOfAccount(lines);
  const train = numbered(lines.filter((line) => !isLater(line)));
  const accounts = new Map(train.accounts.map((account, number) => [account, number]));
  const items = new Map(train.items.map((item, number) => [item, number]));
  const later = new Map<number, Set<number>>();
  for (const line of lines) {
    const account = accounts.get(line.account);
    const item = items.get(line.item);
    if (account === undefined || item === undefined || !isLater(line)) continue;
    later.set(account, (later.get(account) ?? new Set()).add(item));
  }
  if (later.size === 0) throw new Error('no account has purchases both to learn from and to judge by');
  const asOf = protocol.kind === 'since' ? protocol.from : new Date(maximum(train.at) + 1);
  return { train, asOf, later };
}

function laterThan(from: Date): (line: Purchase) => boolean {
  return ({ at }) => at >= from;
}

/** Accounts with one moment only have nothing left to learn from, so they train. */
function lastOfAccount(lines: readonly Purchase[]): (line: Purchase) => boolean {
  const last = new Map<string, number>();
  const first = new Map<string, number>();
  for (const { account, at } of lines) {
    last.set(account, Math.max(last.get(account) ?? -Infinity, at.getTime()));
    first.set(account, Math.min(first.get(account) ?? Infinity, at.getTime()));
  }
  return ({ account, at }) => at.getTime() === last.get(account) && last.get(account) !== first.get(account);
}

function maximum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}

/** All items of the training period ranked for every account that bought later; only accounts with something to find. */
export function judgeRanking(
  { train, later }: NextProductSplit,
  only: NextProductOf,
  k: number,
  score: Score,
): RankingJudge {
  const bought = decayedBaskets(train, Infinity, new Date(0));
  const judge = new RankingJudge(k);
  for (const [account, items] of later) {
    const before = bought[account] ?? new Map<number, number>();
    const relevant = only === 'new' ? new Set([...items].filter((item) => !before.has(item))) : items;
    if (relevant.size === 0) continue;
    const excluded = only === 'new' ? (item: number) => before.has(item) : undefined;
    judge.add(topPlaces(score(account), k, excluded), relevant);
  }
  return judge;
}

/**
 * Plain rankings to stand beside: by number of buyers, by the cosine of items, and for any product by how often the
 * account itself bought it, of equal ones the one with more buyers.
 */
export function peerScores({ train }: NextProductSplit, only: NextProductOf): Record<string, Score> {
  const counts = decayedBaskets(train, Infinity, new Date(0));
  const buyers = buyersOf(train, null);
  const neighbours = new ItemNeighbours(counts, train.items.length);
  const own = (account: number) =>
    buyers.map(
      (buyersOfItem, item) => (counts[account]?.get(item) ?? 0) + buyersOfItem / (train.accounts.length + 1),
    );
  return {
    popularity: () => buyers,
    'item-kNN cosine': (account) => neighbours.score(counts[account] ?? new Map()),
    ...(only === 'any' && { 'personal frequency': own }),
  };
}

/** A plain ranking, and the interval of ours minus it on the same accounts. */
export type PeerRanking = RankingMetrics & { difference: RankingIntervals };

export interface NextProductEvaluation extends RankingMetrics {
  k: number;
  only: NextProductOf;
  items: number;
  trainPurchases: number;
  /** 95 %, by drawing accounts anew. */
  intervals: RankingIntervals;
  settings: NextProductSettings;
  /** Digest of the settings. */
  settingsDigest: string;
  /** What the signals weigh, learned from the training period. */
  weights: Record<string, number>;
  peers: Record<string, PeerRanking>;
}

/** The model with the given settings beside its peers, on the same accounts. */
export function evaluateNextProduct(
  lines: readonly Purchase[],
  protocol: NextProductProtocol,
  { k, settings, seed = '1' }: { k: number; settings: NextProductSettings; seed?: string },
): NextProductEvaluation {
  const split = splitPurchases(lines, protocol);
  const { only } = protocol;
  const by = protocol.kind === 'since' ? 'latest-days' : 'last-moments';
  const model = NextProduct.fit(split.train, split.asOf, settings, by);
  const ours = judgeRanking(split, only, k, (account) => model.score(account, only));
  const peers = Object.entries(peerScores(split, only)).map(([name, score]): [string, PeerRanking] => {
    const peer = judgeRanking(split, only, k, score);
    return [name, { ...peer.result(), difference: rankingIntervals(ours.accounts, seed, peer.accounts) }];
  });
  return {
    k,
    only,
    ...ours.result(),
    intervals: rankingIntervals(ours.accounts, seed),
    items: split.train.items.length,
    trainPurchases: split.train.at.length,
    settings,
    settingsDigest: digest(settings),
    weights: Object.fromEntries(signalsOf[only].map((name, at) => [name, model.weights[only][at] ?? 0])),
    peers: Object.fromEntries(peers),
  };
}
