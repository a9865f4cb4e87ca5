import { describe, expect, it } from '@jest/globals';
import { type Rng, seededRng } from '../../shared/index.js';
import { learnUplift, TooFewRows } from './learn-uplift.js';
import type { RandomisedRows } from './randomised-rows.js';
import { standardUplift } from './settings.js';
import { effectsOf } from './uplift-model.js';

const ROWS = 5000;
const small = {
  ...standardUplift,
  stretches: [0, 4],
  addedDeviations: [0.05, 0.3],
  effectDeviations: [0.04],
};

interface Planted {
  /** Chance of the outcome without treatment, and what each of two arms adds. */
  chance: (x: number, regular: boolean) => [number, number, number];
  /** Chance of each arm. */
  arms?: (x: number) => [number, number, number];
}

function planted({ chance, arms = () => [1 / 3, 1 / 3, 1 / 3] }: Planted, rng: Rng): RandomisedRows {
  const x = Float64Array.from({ length: ROWS }, () => rng.next() * 4 - 2);
  const regular = Int32Array.from({ length: ROWS }, () => (rng.next() < 0.5 ? 1 : 0));
  const arm = new Int32Array(ROWS);
  const outcome = new Float64Array(ROWS);
  for (let row = 0; row < ROWS; row += 1) {
    const [first, second] = arms(x[row] ?? 0);
    const drawn = rng.next();
    arm[row] = drawn < first ? 0 : drawn < first + second ? 1 : 2;
    const [base, one, two] = chance(x[row] ?? 0, regular[row] === 1);
    outcome[row] = rng.next() < base + ([0, one, two][arm[row] ?? 0] ?? 0) ? 1 : 0;
  }
  return {
    rows: ROWS,
    arms: ['nothing', 'letter', 'call'],
    arm,
    outcome,
    numbers: [{ name: 'x', values: x }],
    categories: [{ name: 'kind', values: ['new', 'regular'], codes: regular }],
  };
}

const all = Int32Array.from({ length: ROWS }, (_, row) => row);
const meanOver = (rows: readonly number[], value: (row: number) => number) =>
  rows.reduce((sum, row) => sum + value(row), 0) / rows.length;

/** Regular buyers buy anyway; a letter persuades the new ones only, a call those with a large x. */
const persuadable: Planted = {
  chance: (x, regular) => [regular ? 0.5 : 0.1, regular ? 0 : 0.2, x > 0 ? 0.2 : 0],
};

describe('learning what a treatment changes', () => {
  it('finds whom each arm persuades, and not who would have bought anyway', () => {
    const data = planted(persuadable, seededRng('persuadable'));
    const { model, assignment } = learnUplift(data, all, small);
    const { expected } = effectsOf(model, data);
    const codes = data.categories[0]?.codes ?? new Int32Array();
    const x = data.numbers[0]?.values ?? new Float64Array();
    const letter = (row: number) => expected[row * 3 + 1] ?? NaN;
    const call = (row: number) => expected[row * 3 + 2] ?? NaN;
    const where = (holds: (row: number) => boolean) => [...all].filter(holds);
    expect(assignment.kind).toBe('randomised');
    expect(
      meanOver(
        where((row) => codes[row] === 0),
        letter,
      ),
    ).toBeCloseTo(0.2, 1);
    expect(
      Math.abs(
        meanOver(
          where((row) => codes[row] === 1),
          letter,
        ),
      ),
    ).toBeLessThan(0.05);
    expect(
      meanOver(
        where((row) => (x[row] ?? 0) > 0.5),
        call,
      ),
    ).toBeGreaterThan(0.14);
    expect(
      meanOver(
        where((row) => (x[row] ?? 0) < -0.5),
        call,
      ),
    ).toBeLessThan(0.06);
  });

  it('ranks rows for each arm by several candidates, whose weights sum to 1', () => {
    const data = planted(persuadable, seededRng('ranking'));
    const { model } = learnUplift(data, all, small);
    const { ranking } = effectsOf(model, data);
    model.chosen.ranking.forEach((weights) => {
      expect(Object.keys(weights).length).toBeGreaterThan(1);
      expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    });
    const codes = data.categories[0]?.codes ?? new Int32Array();
    const first = [...all]
      .sort((a, b) => (ranking[b * 3 + 1] ?? 0) - (ranking[a * 3 + 1] ?? 0))
      .slice(0, 2000);
    expect(meanOver(first, (row) => (codes[row] === 0 ? 1 : 0))).toBeGreaterThan(0.95);
  });

  it('sees that the arms were not drawn blindly, and is not misled by it', () => {
    // who has a large x buys more often anyway, and gets the letter more often: the letter itself does nothing
    const confounded: Planted = {
      chance: (x) => [0.3 + 0.1 * x, 0, 0],
      arms: (x) => [0.4 - 0.1 * x, 0.3 + 0.1 * x, 0.3],
    };
    const data = planted(confounded, seededRng('confounded'));
    const { model, assignment } = learnUplift(data, all, small);
    const { expected } = effectsOf(model, data);
    const naive = (arm: number) => {
      const rows = [...all].filter((row) => data.arm[row] === arm);
      return meanOver(rows, (row) => data.outcome[row] ?? NaN);
    };
    expect(naive(1) - naive(0)).toBeGreaterThan(0.05);
    expect(assignment.kind).toBe('modelled');
    expect(Math.abs(meanOver([...all], (row) => expected[row * 3 + 1] ?? NaN))).toBeLessThan(0.035);
  });

  it('gives the same model for the same rows', () => {
    const data = planted(persuadable, seededRng('same'));
    const rows = all.subarray(0, 1000);
    expect(learnUplift(data, rows, small).model).toEqual(learnUplift(data, rows, small).model);
  });

  it('refuses an arm of which there are hardly any rows', () => {
    const data = planted({ ...persuadable, arms: () => [0.5, 0.4999, 0.0001] }, seededRng('rare'));
    expect(() => learnUplift(data, all, small)).toThrow(TooFewRows);
  });
});
