import { describe, expect, it } from '@jest/globals';
import { evaluateNextProduct, judgeRanking, splitPurchases } from './evaluate-next-product.js';
import { NextProduct } from './next-product.js';
import { decayedBaskets, numbered, type Purchase } from './purchases.js';
import { standardNextProduct } from './settings.js';

const bought = (account: string, item: string, day: string): Purchase => ({
  account,
  item,
  at: new Date(`${day}T12:00:00Z`),
});
const settings = { ...standardNextProduct, leastBuyers: 1, lambda: 1 };

describe('baskets', () => {
  it('halve a purchase with each half-life, and count lines of one moment once', () => {
    const lines = [
      bought('a', 'tea', '2026-01-01'),
      bought('a', 'tea', '2026-01-01'),
      bought('a', 'tea', '2026-01-11'),
    ];
    const [basket] = decayedBaskets(numbered(lines), 10, new Date('2026-01-21T12:00:00Z'));
    expect(basket?.get(0)).toBeCloseTo(1 / 4 + 1 / 2, 12);
    const [counts] = decayedBaskets(numbered(lines), Infinity, new Date('2026-01-21T12:00:00Z'));
    expect(counts?.get(0)).toBe(2);
  });
});

describe('the split', () => {
  const lines = [
    bought('a', 'tea', '2026-01-01'),
    bought('b', 'tea', '2026-01-02'),
    bought('a', 'milk', '2026-02-01'),
    bought('a', 'tea', '2026-02-02'),
    bought('c', 'tea', '2026-02-03'),
  ];

  it('since a moment judges accounts with a past by what they bought from then on', () => {
    const from = new Date('2026-02-01T00:00:00Z');
    const { train, later } = splitPurchases(lines, { kind: 'since', from, only: 'any' });
    expect(train.items).toEqual(['tea']);
    expect([...later.keys()].map((account) => train.accounts[account])).toEqual(['a']);
    // Milk was never bought before, so nothing can rank it.
    expect([...(later.get(0) ?? [])].map((item) => train.items[item])).toEqual(['tea']);
  });

  it('that leaves the last moment out keeps whoever bought once for training', () => {
    const { train, later } = splitPurchases(lines, { kind: 'leave-last-out', only: 'any' });
    expect([...later.keys()].map((account) => train.accounts[account])).toEqual(['a']);
    expect(train.accounts).toEqual(['a', 'b', 'c']);
    expect(later.get(0)?.size).toBe(1);
  });

  it('is refused when there is nothing to judge by', () => {
    const from = new Date('2027-01-01T00:00:00Z');
    expect(() => splitPurchases(lines, { kind: 'since', from, only: 'any' })).toThrow(/no account/);
  });

  it('for new products excludes what was bought and leaves out who bought nothing new', () => {
    const again = [bought('a', 'tea', '2026-01-01'), bought('b', 'milk', '2026-01-01')].concat(
      bought('a', 'tea', '2026-02-01'),
      bought('b', 'tea', '2026-02-01'),
    );
    const from = new Date('2026-02-01T00:00:00Z');
    const split = splitPurchases(again, { kind: 'since', from, only: 'new' });
    const metrics = judgeRanking(split, 'new', 1, () => [0, 1]).result();
    expect(metrics).toMatchObject({ accounts: 1, hrAtK: 1 });
  });
});

describe('the next product', () => {
  // Whoever buys a printer buys ink; whoever buys tea buys honey.
  const lines = Array.from({ length: 30 }, (_, pair) => {
    const [first, second] = pair % 2 === 0 ? ['printer', 'ink'] : ['tea', 'honey'];
    return [bought(`p${pair}`, first ?? '', '2026-01-10'), bought(`p${pair}`, second ?? '', '2026-01-12')];
  }).flat();
  const train = numbered([...lines, bought('new', 'printer', '2026-01-20')]);
  const model = NextProduct.fit(train, new Date('2026-01-31T00:00:00Z'), settings);
  const account = train.accounts.indexOf('new');

  it('is what goes with what the account bought', () => {
    const scores = model.score(account, 'new');
    const at = (item: string) => scores[train.items.indexOf(item)] ?? NaN;
    expect(at('ink')).toBeGreaterThan(at('tea'));
    expect(at('ink')).toBeGreaterThan(at('honey'));
  });

  it('of any kind counts what the account itself bought, where accounts buy again', () => {
    const again = ['2026-01-05', '2026-01-15', '2026-01-25'];
    const loyal = Array.from({ length: 40 }, (_, number) =>
      again.map((day) => bought(`loyal${number}`, number % 2 === 0 ? 'paper' : 'pens', day)),
    ).flat();
    const asked = numbered([...lines, ...loyal, bought('new', 'printer', '2026-01-20')]);
    const taught = NextProduct.fit(asked, new Date('2026-01-31T00:00:00Z'), settings);
    const scores = taught.score(asked.accounts.indexOf('loyal0'), 'any');
    const at = (item: string) => scores[asked.items.indexOf(item)] ?? NaN;
    expect(at('paper')).toBeGreaterThan(at('pens'));
  });

  it('ranks items that are not compared by how they sell, for everybody alike', () => {
    const none = NextProduct.fit(train, new Date('2026-01-31T00:00:00Z'), { ...settings, mostItems: 0 });
    expect(none.score(account, 'new')).toEqual(none.score(0, 'new'));
  });

  it('is led by the product that it goes with, and tells how many accounts bought both', () => {
    const ink = train.items.indexOf('ink');
    const lead = model.ledBy(account, ink) ?? NaN;
    expect(train.items[lead]).toBe('printer');
    expect(model.coBuyers(lead, ink)).toBe(15);
  });

  it('does not read what was bought at or after its moment', () => {
    const later = numbered([
      ...lines,
      bought('new', 'printer', '2026-01-20'),
      bought('new', 'ink', '2026-03-01'),
    ]);
    const again = NextProduct.fit(later, new Date('2026-01-31T00:00:00Z'), settings);
    expect(again.score(later.accounts.indexOf('new'), 'new')).toEqual(model.score(account, 'new'));
  });

  it('is found for planted pairs, better than by popularity', () => {
    const later = Array.from({ length: 10 }, (_, number) => [
      bought(`late${number}`, number % 2 === 0 ? 'printer' : 'tea', '2026-01-15'),
      bought(`late${number}`, number % 2 === 0 ? 'ink' : 'honey', '2026-02-15'),
    ]).flat();
    const judged = evaluateNextProduct(
      [...lines, ...later],
      { kind: 'since', from: new Date('2026-02-01T00:00:00Z'), only: 'new' },
      { k: 1, settings },
    );
    expect(judged).toMatchObject({ accounts: 10, hrAtK: 1, recallAtK: 1, ndcgAtK: 1 });
    expect(judged.peers['popularity']?.hrAtK).toBeLessThan(1);
  });
});
