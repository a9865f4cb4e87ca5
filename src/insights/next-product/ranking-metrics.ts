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

/** Adds up the accounts one by one. */
export class RankingJudge {
  private accounts = 0;
  private readonly sums = { hrAtK: 0, precisionAtK: 0, ndcgAtK: 0, recallAtK: 0 };

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
    this.accounts += 1;
    this.sums.hrAtK += hits > 0 ? 1 : 0;
    this.sums.precisionAtK += hits / this.k;
    this.sums.ndcgAtK += gain / most;
    this.sums.recallAtK += hits / relevant.size;
  }

  /** Throws when there was no account. */
  result(): RankingMetrics {
    const { accounts, sums } = this;
    if (accounts === 0) throw new Error('there is no account to judge');
    return {
      accounts,
      hrAtK: sums.hrAtK / accounts,
      precisionAtK: sums.precisionAtK / accounts,
      ndcgAtK: sums.ndcgAtK / accounts,
      recallAtK: sums.recallAtK / accounts,
    };
  }
}
