import { describe, expect, it } from '@jest/globals';
import type { Covariates } from '../../bench/quality/uplift-truth/covariates.js';
import { drawExperiment } from '../../bench/quality/uplift-truth/experiment.js';
import { peerEffects } from '../../bench/quality/uplift-truth/peers.js';
import { shareOfBestOrder, trueValue } from '../../bench/quality/uplift-truth/truth.js';
import { effectsOf, learnUplift, standardUplift } from '../../src/learning/index.js';
import { gaussian, integerBelow, seededRng } from '../../src/shared/index.js';

const ROWS = 12_000;
/** Numbers as they are: quicker, and enough to see the difference. */
const plain = { ...standardUplift, stretches: [0] };
const size = { train: 2000, test: 5000, base: 0.15 };

function people(): Covariates {
  const rng = seededRng('people');
  const kinds = ['new', 'regular', 'lost'];
  return {
    rows: ROWS,
    numbers: ['age', 'income', 'visits', 'spend', 'tenure'].map((name) => ({
      name,
      values: Float64Array.from({ length: ROWS }, () => gaussian(rng)),
    })),
    categories: [
      { name: 'kind', values: kinds, codes: Int32Array.from({ length: ROWS }, () => integerBelow(rng, 3)) },
    ],
  };
}

describe('experiments whose true effects are known', () => {
  it('have the chance asked for, arms that are equally likely, and outcomes that follow the chances', () => {
    const { data, train, test, chances } = drawExperiment(people(), 'many properties', size, 'drawn');
    expect([train.length, test.length]).toEqual([3 * size.train, size.test]);
    const mean = (value: (row: number) => number) =>
      Array.from({ length: data.rows }, (_, row) => value(row)).reduce((sum, one) => sum + one, 0) /
      data.rows;
    expect(mean((row) => chances[row * 3] ?? NaN)).toBeCloseTo(size.base, 3);
    for (const arm of [0, 1, 2]) {
      expect(mean((row) => (data.arm[row] === arm ? 1 : 0))).toBeCloseTo(1 / 3, 1);
      const surprise = mean((row) =>
        data.arm[row] === arm ? (data.outcome[row] ?? NaN) - (chances[row * 3 + arm] ?? NaN) : 0,
      );
      expect(Math.abs(surprise)).toBeLessThan(0.01);
    }
  });

  it('give the order of the true effects 1, its reverse less than nothing, and chance nothing', () => {
    const experiment = drawExperiment(people(), 'one property', size, 'orders');
    const { data, chances } = experiment;
    const truth = chances.map((chance, place) => chance - (chances[place - (place % 3)] ?? NaN));
    const rng = seededRng('order');
    expect(shareOfBestOrder(experiment, truth, 1)).toBeCloseTo(1, 9);
    expect(
      shareOfBestOrder(
        experiment,
        truth.map((effect) => -effect),
        1,
      ),
    ).toBeCloseTo(-1, 9);
    const blind = new Float64Array(data.rows * 3).map(() => rng.next());
    expect(Math.abs(shareOfBestOrder(experiment, blind, 1))).toBeLessThan(0.1);
    const best = (row: number) =>
      [0, 1, 2].reduce((most, arm) => (at(row, arm) > at(row, most) ? arm : most));
    const at = (row: number, arm: number) => chances[row * 3 + arm] ?? NaN;
    expect(trueValue(experiment, best)).toBeGreaterThanOrEqual(trueValue(experiment, () => 1));
  });

  it('are ranked better by the learner than by a regression an arm', () => {
    const shares = (['as risk', 'one property'] as const).flatMap((regime) => {
      const experiment = drawExperiment(people(), regime, size, `judged ${regime}`);
      const { model } = learnUplift(experiment.data, experiment.train, plain);
      const { ranking } = effectsOf(model, experiment.data);
      const separate = peerEffects(experiment.data, experiment.train)['two-model logistic'];
      return [1, 2].map((arm) => ({
        ours: shareOfBestOrder(experiment, ranking, arm),
        theirs: shareOfBestOrder(experiment, separate, arm),
      }));
    });
    const gained = shares.reduce((sum, { ours, theirs }) => sum + ours - theirs, 0) / shares.length;
    expect(gained).toBeGreaterThan(0.05);
  });
});
