import type { AccountRanking } from './ranking-intervals.js';

/** How good the first k of a ranking are, as means over accounts. Every value lies in [0, 1]. */
export interface RankingMetrics {
  accounts: number;
  /** Share of accounts with at least one relevant item among the first k. */
  hrAtK: number;
  /** Relevant items among the first k, over k. */
  precisionAtK: number;
  /** Σ over hits of 1 / log₂(rank + 1), over the same sum if all relevant items stood first (Järvelin, Kekäläinen, 2002). */
  ndcgAtK: number;
  /** Relevant items among the first k, over all relevant ones. */
  recallAtK: number;
}

/** Places of the k highest scores, the highest first; of equal scores the lower place first. Excluded ones are left out. */
export function topPlaces(
  scores: ArrayLike<number>,
  k: number,
  excluded: (place: number) => boolean = () => false,
): number[] {
  const best: number[] = [];
  const scoreAt = (place: number | undefined): number =>
    place === undefined ? -Infinity : (scores[place] ?? -Infinity);
  for (let place = 0; place < scores.length; place += 1) {
    if (best.length === k && !(scoreAt(place) > scoreAt(best[k - 1]))) continue;
    if (excluded(place)) continue;
    let at = Math.min(best.length, k - 1);
    while (at > 0 && scoreAt(best[at - 1]) < scoreAt(place)) {
      best[at] = best[at - 1] ?? 0;
      at -= 1;
    }
    best[at] = place;
  }
  return best;
}

/** Judges the accounts one by one. */
export class RankingJudge {
  /** In the order in which they were added. */
  readonly accounts: AccountRanking[] = [];

  constructor(private readonly k: number) {}

  /** `first`: the best k of the ranking; `relevant`: not empty. */
  add(first: readonly number[], relevant: ReadonlySet<number>): void {
    if (relevant.size === 0) throw new Error('an account without relevant items cannot be judged');
    let hits = 0;
    let gain = 0;
    first.slice(0, this.k).forEach((item, place) => {
      if (!relevant.has(item)) return;
      hits += 1;
      gain += 1 / Math.log2(place + 2);
    });
    let most = 0;
    for (let place = 0; place < Math.min(this.k, relevant.size); place += 1) most += 1 / Math.log2(place + 2);
    this.accounts.push({
      hrAtK: hits > 0 ? 1 : 0,
      precisionAtK: hits / this.k,
      ndcgAtK: gain / most,
      recallAtK: hits / relevant.size,
    });
  }

  /** Throws when there was no account. */
  result(): RankingMetrics {
    const { accounts } = this;
    if (accounts.length === 0) throw new Error('there is no account to judge');
    const mean = (measure: keyof AccountRanking): number =>
      accounts.reduce((sum, one) => sum + one[measure], 0) / accounts.length;
    return {
      accounts: accounts.length,
      hrAtK: mean('hrAtK'),
      precisionAtK: mean('precisionAtK'),
      ndcgAtK: mean('ndcgAtK'),
      recallAtK: mean('recallAtK'),
    };
  }
}
