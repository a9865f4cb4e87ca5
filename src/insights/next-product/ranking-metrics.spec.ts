import { describe, expect, it } from '@jest/globals';
import { RankingJudge, topPlaces } from './ranking-metrics.js';

describe('the first places of a ranking', () => {
  it('are those of the highest scores, of equal ones the item that appeared first', () => {
    expect(topPlaces([0.2, 0.9, 0.5, 0.9, 0.5], 3)).toEqual([1, 3, 2]);
    expect(topPlaces([1, 1, 1, 1], 2)).toEqual([0, 1]);
  });

  it('leave out what is excluded, and are fewer where there is no more', () => {
    expect(topPlaces([0.2, 0.9, 0.5], 3, (place) => place === 1)).toEqual([2, 0]);
  });

  it('agree with sorting everything', () => {
    const scores = Array.from({ length: 200 }, (_, place) => (place * 7919) % 31);
    const sorted = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    expect(topPlaces(scores, 10)).toEqual(sorted.slice(0, 10));
  });
});

describe('ranking metrics', () => {
  it('are computed by hand for one account', () => {
    const judge = new RankingJudge(3);
    // Hits in places 1 and 3 of three, of four relevant items.
    judge.add([5, 9, 7], new Set([5, 7, 1, 2]));
    const gain = 1 / Math.log2(2) + 1 / Math.log2(4);
    const most = 1 / Math.log2(2) + 1 / Math.log2(3) + 1 / Math.log2(4);
    expect(judge.result()).toEqual({
      accounts: 1,
      hrAtK: 1,
      precisionAtK: 2 / 3,
      ndcgAtK: expect.closeTo(gain / most, 12),
      recallAtK: 0.5,
    });
  });

  it('are means over accounts', () => {
    const judge = new RankingJudge(2);
    judge.add([1, 2], new Set([2]));
    judge.add([1, 2], new Set([3]));
    expect(judge.result()).toEqual({
      accounts: 2,
      hrAtK: 0.5,
      precisionAtK: 0.25,
      ndcgAtK: expect.closeTo(1 / Math.log2(3) / 2, 12),
      recallAtK: 0.5,
    });
  });

  it('refuse an account with nothing to find, and an empty evaluation', () => {
    const judge = new RankingJudge(2);
    expect(() => judge.add([1], new Set())).toThrow(/without relevant items/);
    expect(() => judge.result()).toThrow(/no account/);
  });
});
