import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Past } from '../../src/insights/next-product/pasts.js';
import { chanceWithin, dueInDays, type Rhythm, Rhythms } from '../../src/insights/next-product/rhythm.js';
import { DAY, type Rng, seededRng } from '../../src/shared/index.js';

/**
 * Planted: 1,800 accounts order one product each every 10 to 60 days, each gap off by a log-normal of 20 %, for a year;
 * 600 of them have stopped for good somewhere on the way; 600 more order as chance has it (exponential gaps).
 */
const YEAR = 365;
const JITTER = 0.2;
const PLANTED = { regular: 1200, stopped: 600, chance: 600 };
const HORIZON = 30;

interface Planted {
  kind: keyof typeof PLANTED;
  every: number;
  moments: number[];
  /** Days after the end until the next order; Infinity: none. */
  next: number;
}

let planted: Planted[];
let rhythms: Rhythms;
const readAs = (one: Planted): Rhythm => rhythms.of(one.moments);

beforeAll(() => {
  const rng = seededRng('rhythms');
  planted = (Object.keys(PLANTED) as (keyof typeof PLANTED)[]).flatMap((kind) =>
    Array.from({ length: PLANTED[kind] }, () => plant(kind, rng)),
  );
  const accounts: Past[] = planted.map(({ moments }) => new Map([[0, moments]]));
  rhythms = Rhythms.fit({ items: 1, asOf: YEAR * DAY, accounts });
});

function plant(kind: Planted['kind'], rng: Rng): Planted {
  const every = 10 + 50 * rng.next();
  const stops = kind === 'stopped' ? YEAR * (0.2 + 0.5 * rng.next()) : Infinity;
  const moments: number[] = [];
  let day = every * rng.next();
  while (day < YEAR) {
    if (day < stops || moments.length === 0) moments.push(day * DAY);
    day += gap(kind, every, rng);
  }
  return { kind, every, moments, next: kind === 'stopped' ? Infinity : day - YEAR };
}

function gap(kind: Planted['kind'], every: number, rng: Rng): number {
  if (kind === 'chance') return Math.max(1, -every * Math.log(1 - rng.next()));
  const normal = Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
  return Math.max(1, every * Math.exp(JITTER * normal));
}

const share = (all: readonly Planted[], isSo: (one: Planted) => boolean): number =>
  all.filter(isSo).length / all.length;

describe('planted rhythms of repeat purchase', () => {
  it('are recovered within 20 % for at least 90 % of those with six orders or more', () => {
    const known = planted.filter(({ kind, moments }) => kind === 'regular' && moments.length >= 6);
    expect(known.length).toBeGreaterThan(900);
    expect(share(known, (one) => Math.abs(readAs(one).everyDays / one.every - 1) < 0.2)).toBeGreaterThan(0.9);
  });

  it('tell the day of the next order within half a gap for at least 80 %', () => {
    const known = planted.filter(({ kind, moments }) => kind === 'regular' && moments.length >= 6);
    expect(
      share(known, (one) => Math.abs(dueInDays(readAs(one)) - one.next) < one.every / 2),
    ).toBeGreaterThan(0.8);
  });

  it('that have ended are taken for ended after three missed orders, at least 90 % of them', () => {
    const over = planted.filter(({ kind, moments, every }) => {
      const last = (moments.at(-1) ?? 0) / DAY;
      return kind === 'stopped' && moments.length >= 4 && YEAR - last > 3 * every;
    });
    expect(over.length).toBeGreaterThan(300);
    expect(share(over, (one) => readAs(one).alive < 0.2)).toBeGreaterThan(0.9);
  });

  it('that go on are hardly ever taken for ended', () => {
    const going = planted.filter(({ kind, moments }) => kind === 'regular' && moments.length >= 4);
    expect(share(going, (one) => readAs(one).alive < 0.2)).toBeLessThan(0.02);
  });

  it('give chances that come true: within 0.1 in each tenth that has a hundred pairs', () => {
    const said = planted.map((one) => ({
      chance: chanceWithin(readAs(one), HORIZON),
      came: one.next <= HORIZON,
    }));
    let judged = 0;
    for (let low = 0; low < 1; low += 0.1) {
      const bin = said.filter(({ chance }) => chance >= low && chance < low + 0.1);
      if (bin.length < 100) continue;
      judged += 1;
      const mean = bin.reduce((sum, { chance }) => sum + chance, 0) / bin.length;
      expect(Math.abs(bin.filter(({ came }) => came).length / bin.length - mean)).toBeLessThan(0.1);
    }
    expect(judged).toBeGreaterThanOrEqual(3);
  });

  it('have more spread where orders come by chance', () => {
    const spreadOf = (kind: Planted['kind']) => {
      const own = planted
        .filter((one) => one.kind === kind && one.moments.length >= 6)
        .map((one) => readAs(one).spread);
      return own.reduce((sum, spread) => sum + spread, 0) / own.length;
    };
    expect(spreadOf('chance')).toBeGreaterThan(2 * spreadOf('regular'));
  });
});
