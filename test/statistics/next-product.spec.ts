import { describe, expect, it } from '@jest/globals';
import { evaluateNextProduct, type Purchase, standardNextProduct } from '../../src/insights/index.js';
import { integerBelow, seededRng } from '../../src/shared/index.js';

const HOUR = 3_600_000;
const GROUPS = 5;
const ITEMS = 20;

/** Accounts of one taste each: four of five purchases are of their own group's items, the first ones the most popular. */
function tastes(seed: string, hoursApart: number): Purchase[] {
  const rng = seededRng(seed);
  return Array.from({ length: 500 }, (_, number) => {
    const own = integerBelow(rng, GROUPS);
    let at = Date.parse('2026-01-05T09:00:00Z') + integerBelow(rng, hoursApart * 3) * HOUR;
    return Array.from({ length: 2 + integerBelow(rng, 12) }, () => {
      at += (1 + integerBelow(rng, hoursApart * 2)) * HOUR;
      const group = rng.next() < 0.8 ? own : integerBelow(rng, GROUPS);
      const item = Math.floor(-3.3 * Math.log(1 - rng.next())) % ITEMS;
      return { account: `account-${number}`, item: `group-${group}-item-${item}`, at: new Date(at) };
    });
  }).flat();
}

describe('the next product among planted tastes', () => {
  it.each([
    ['days', 10 * 24],
    ['hours', 4],
    ['months', 90 * 24],
  ])('is found where purchases lie %s apart, as well as by the best plain ranking', (_, hoursApart) => {
    const lines = tastes(`tastes ${hoursApart}`, hoursApart);
    for (const only of ['new', 'any'] as const) {
      const judged = evaluateNextProduct(
        lines,
        { kind: 'leave-last-out', only },
        { k: 10, settings: standardNextProduct },
      );
      const best = (of: 'hrAtK' | 'ndcgAtK') =>
        Math.max(...Object.values(judged.peers).map((peer) => peer[of]));
      expect(judged.hrAtK).toBeGreaterThan(0.95 * best('hrAtK'));
      expect(judged.ndcgAtK).toBeGreaterThan(0.95 * best('ndcgAtK'));
    }
  });

  it('is told by the moment after which it comes, too', () => {
    const lines = tastes('tastes since', 10 * 24);
    const judged = evaluateNextProduct(
      lines,
      { kind: 'since', from: new Date('2026-02-20T00:00:00Z'), only: 'any' },
      { k: 10, settings: standardNextProduct },
    );
    expect(judged.hrAtK).toBeGreaterThan(0.95 * (judged.peers['item-kNN cosine']?.hrAtK ?? 1));
    expect(judged.ndcgAtK).toBeGreaterThan(judged.peers['item-kNN cosine']?.ndcgAtK ?? 1);
  });
});
