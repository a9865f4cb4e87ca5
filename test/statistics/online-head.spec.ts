import { describe, expect, it } from '@jest/globals';
import { addTrial, type Evidence, noEvidence } from '../../src/learning/online/evidence.js';
import {
  addArrival,
  arrivalsOf,
  latenessOf,
  negativeWeight,
  nextStep,
  shareArrived,
  STEPS,
  USUAL,
} from '../../src/learning/online/open-windows.js';
import { beliefsOf, type HeadPrior } from '../../src/learning/online/pooled-beliefs.js';
import { posteriorOf } from '../../src/learning/online/posterior.js';
import { diagonal, quadraticForm } from '../../src/learning/online/symmetric.js';
import { DAY, gaussian, type Rng, seededRng } from '../../src/shared/index.js';

/** φ = [1, slope of the logit, four projections of the account]. */
const SIZE = 6;
const model: HeadPrior = {
  group: [0.5, 0.25, 0.15, 0.15, 0.15, 0.15],
  arm: [0.35, 0.15, 0.15, 0.15, 0.15, 0.15],
};
const slopeOf = (logit: number) => Math.max(-1.5, Math.min(1.5, (logit + 2) / 2));
const chance = (logit: number) => 1 / (1 + Math.exp(-logit));
const prior = {
  mean: new Float64Array(SIZE),
  covariance: diagonal(model.arm.map((arm, place) => arm ** 2 + (model.group[place] ?? 0) ** 2)),
};

/** A trial of a model that says `logit`, of an account anywhere in the representation. */
function draw(rng: Rng): { logit: number; phi: Float64Array } {
  const logit = -1.8 + 0.8 * gaussian(rng);
  return {
    logit,
    phi: Float64Array.of(1, slopeOf(logit), ...Array.from({ length: SIZE - 2 }, () => 0.7 * gaussian(rng))),
  };
}

function correction(theta: ArrayLike<number>, phi: Float64Array): number {
  return phi.reduce((sum, value, place) => sum + value * (theta[place] ?? 0), 0);
}

function observed(rng: Rng, trials: number, theta: ArrayLike<number>): Evidence {
  const evidence = noEvidence(SIZE);
  for (let count = 0; count < trials; count += 1) {
    const trial = draw(rng);
    const happens = rng.next() < chance(trial.logit + correction(theta, trial.phi));
    addTrial(evidence, trial, happens ? 1 : 0, 1);
  }
  return evidence;
}

function logLoss(rng: Rng, truth: ArrayLike<number>, believed: ArrayLike<number>): number {
  let loss = 0;
  const draws = 1500;
  for (let count = 0; count < draws; count += 1) {
    const { logit, phi } = draw(rng);
    const p = chance(logit + correction(truth, phi));
    const q = chance(logit + correction(believed, phi));
    loss -= p * Math.log(q) + (1 - p) * Math.log(1 - q);
  }
  return loss / draws;
}

describe('beliefs about arms that have something in common, on planted data', () => {
  it.each([
    ['a jump of a whole logit', 1, 400, 0.3],
    ['a fall of a logit and a half', -1.5, 1500, 0.5],
    ['a jump of two logits', 2, 400, 0.35],
  ])('finds %s to within the stated error', (_, shift, trials, error) => {
    const rng = seededRng(`shift ${shift}`);
    const found = Array.from({ length: 20 }, () => {
      const evidence = observed(rng, trials, [shift]);
      return posteriorOf(evidence, prior).mean[0] ?? NaN;
    });
    // shrunk towards zero, never past the truth by more than the error
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    expect(Math.abs(mean - shift)).toBeLessThan(error);
    expect(found.filter((value) => Math.abs(value - shift) < 2 * error).length).toBeGreaterThanOrEqual(19);
  });

  it('finds half of a shift of 0.5 within 60 outcomes of the arm, nearly all of it within 1,000', () => {
    const rng = seededRng('rate');
    const mean = (trials: number) => {
      const runs = Array.from(
        { length: 30 },
        () => posteriorOf(observed(rng, trials, [0.5]), prior).mean[0] ?? NaN,
      );
      return runs.reduce((sum, value) => sum + value, 0) / runs.length;
    };
    expect(mean(60)).toBeGreaterThan(0.25);
    expect(mean(1000)).toBeGreaterThan(0.4);
    expect(mean(1000)).toBeLessThan(0.55);
  });

  it('adds nothing without evidence, and costs a true model less than 0.008 nats on the way', () => {
    expect([...posteriorOf(noEvidence(SIZE), prior).mean]).toEqual([0, 0, 0, 0, 0, 0]);
    const rng = seededRng('calibrated');
    const none = new Float64Array(SIZE);
    for (const trials of [20, 100, 500]) {
      const runs = Array.from({ length: 20 }, () => {
        const { mean } = posteriorOf(observed(rng, trials, none), prior);
        const seed = `judge ${trials}`;
        return logLoss(seededRng(seed), none, mean) - logLoss(seededRng(seed), none, none);
      });
      expect(runs.reduce((sum, value) => sum + value, 0) / runs.length).toBeLessThan(0.008);
    }
  });

  it('makes a model that is off as the prior says better, however few outcomes there are', () => {
    const rng = seededRng('better');
    for (const trials of [20, 100, 500]) {
      const gains = Array.from({ length: 40 }, () => {
        const truth = Float64Array.from({ length: SIZE }, (_none, place) => {
          const deviation = Math.hypot(model.arm[place] ?? 0, model.group[place] ?? 0);
          return deviation * gaussian(rng);
        });
        const { mean } = posteriorOf(observed(rng, trials, truth), prior);
        const none = new Float64Array(SIZE);
        return logLoss(seededRng('gain'), truth, none) - logLoss(seededRng('gain'), truth, mean);
      });
      expect(gains.reduce((sum, value) => sum + value, 0) / gains.length).toBeGreaterThan(0.002);
    }
  });

  it('covers the true correction in 93 to 97 % of groups of arms that are as the prior says', () => {
    const rng = seededRng('coverage');
    const { group, arm } = model;
    let covered = 0;
    let asked = 0;
    for (let round = 0; round < 80; round += 1) {
      const common = group.map((deviation) => deviation * gaussian(rng));
      const truths = new Map<number, number[]>();
      const evidences = new Map<number, Evidence>();
      for (let key = 0; key < 8; key += 1) {
        const theta = common.map((mean, place) => mean + (arm[place] ?? 0) * gaussian(rng));
        truths.set(key, theta);
        evidences.set(key, observed(rng, 20 + 25 * key, theta));
      }
      for (const [key, { mean, covariance }] of beliefsOf(evidences, { group, arm }).arms) {
        const { phi } = draw(rng);
        const error = correction(truths.get(key) ?? [], phi) - correction(mean, phi);
        covered += Math.abs(error) <= 1.96 * Math.sqrt(quadraticForm(covariance, phi)) ? 1 : 0;
        asked += 1;
      }
    }
    expect(covered / asked).toBeGreaterThanOrEqual(0.93);
    expect(covered / asked).toBeLessThanOrEqual(0.97);
  });

  it('lets arms of one channel learn from each other: a new one begins where the others are', () => {
    const rng = seededRng('newcomer');
    const evidences = new Map(
      Array.from({ length: 12 }, (_none, key) => [key, observed(rng, 150, [0.8])] as const),
    );
    const { newcomer } = beliefsOf(evidences, model);
    expect(newcomer.mean[0]).toBeGreaterThan(0.5);
    expect(newcomer.mean[0]).toBeLessThan(0.95);
    const alone = beliefsOf(new Map([[0, observed(rng, 1800, [0.8])]]), model).newcomer;
    expect(alone.mean[0]).toBeLessThan(newcomer.mean[0] ?? 0);
  });
});

describe('windows that are still open', () => {
  /** Outcomes come late: half of them in the last half of the window. */
  function simulate(weighted: boolean): number[] {
    const rng = seededRng('late');
    const biases: number[] = [];
    for (let round = 0; round < 40; round += 1) {
      const evidence = noEvidence(SIZE);
      const closed = STEPS.map((end, step) => 4000 * (end - (STEPS[step - 1] ?? 0)));
      const lateness = latenessOf(arrivalsOf(closed));
      for (let count = 0; count < 600; count += 1) {
        const trial = draw(rng);
        const p = chance(trial.logit);
        const elapsed = rng.next();
        const come = rng.next() < p && rng.next() <= elapsed;
        if (come) addTrial(evidence, trial, 1, 1);
        else if (weighted) addTrial(evidence, trial, 0, negativeWeight(p, shareArrived(lateness, elapsed)));
      }
      biases.push(posteriorOf(evidence, prior).mean[0] ?? NaN);
    }
    return biases;
  }

  it('do not drive the estimate up: the mean over 40 logs is within 0.08 logits of the truth', () => {
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(simulate(true)))).toBeLessThan(0.08);
    expect(mean(simulate(false))).toBeGreaterThan(0.5);
  });

  it('teach how late outcomes come before any has closed, as far as the oldest has passed', () => {
    const rng = seededRng('young');
    const arrivals = arrivalsOf(undefined);
    // half of the outcomes come by a tenth of the window, three in four by a fifth
    for (let count = 0; count < 4000; count += 1) {
      const passed = rng.next() * 0.6;
      const came = -0.1 * Math.log2(1 - rng.next());
      if (came <= passed) addArrival(arrivals, came, passed);
    }
    const lateness = latenessOf(arrivals);
    // within the half of the window that some have passed, as it is; what is left for later as declared
    const inHalf = (part: number) => (1 - 2 ** (-10 * part)) / (1 - 2 ** -5);
    for (const part of [1 / 8, 1 / 4])
      expect(
        Math.abs(shareArrived(lateness, part) / shareArrived(lateness, 1 / 2) - inHalf(part)),
      ).toBeLessThan(0.03);
    // what no window has reached yet is as declared
    expect(lateness[5]).toBeCloseTo(USUAL[5] ?? NaN, 6);
    expect(latenessOf(arrivalsOf(undefined))).toEqual(USUAL.map((share) => expect.closeTo(share, 12)));
  });

  it('count in full when they close', () => {
    expect(negativeWeight(0.3, shareArrived(USUAL, 1))).toBe(1);
    expect(shareArrived(USUAL, 0.001)).toBeLessThan(0.1);
    const start = new Date(0);
    expect(nextStep(start, new Date(64 * DAY), start)).toEqual(new Date(DAY));
    expect(nextStep(start, new Date(64 * DAY), new Date(64 * DAY))).toBeNull();
  });
});
