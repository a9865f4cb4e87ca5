import { describe, expect, it } from '@jest/globals';
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
import { DAY, gaussian, type Rng, seededRng } from '../../src/shared/index.js';
import { PlantedHead, type Trial } from './planted-head.js';

const NUMBERS = 4;
const NOTHING = [0, 0, 0, 0, 0];
const chance = (logit: number) => 1 / (1 + Math.exp(-logit));
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A trial of a model that says `logit`, of an account anywhere. */
function draw(rng: Rng, action = 'talk'): Trial {
  return {
    action,
    logit: -1.8 + 0.8 * gaussian(rng),
    numbers: Array.from({ length: NUMBERS }, () => gaussian(rng)),
  };
}

/** What is to be added to the model's logit: a constant, and so much for each number as the head reads it. */
function correction([constant = 0, ...slopes]: readonly number[], { numbers }: Trial): number {
  const read = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value));
  return slopes.reduce((sum, slope, place) => sum + slope * read(numbers[place] ?? 0), constant);
}

function taught(rng: Rng, trials: number, theta: readonly number[], action?: string): PlantedHead {
  const head = new PlantedHead(NUMBERS);
  teach(head, rng, trials, theta, action);
  return head;
}

function teach(head: PlantedHead, rng: Rng, trials: number, theta: readonly number[], action?: string): void {
  for (let count = 0; count < trials; count += 1) {
    const trial = draw(rng, action);
    head.put(trial, rng.next() < chance(trial.logit + correction(theta, trial)) ? 1 : 0);
  }
  head.fit();
}

/** What the head adds for accounts drawn at random, on average. */
function shiftOf(head: PlantedHead, action = 'talk'): number {
  const rng = seededRng('shift');
  return meanOf(Array.from({ length: 200 }, () => head.correction(draw(rng, action))));
}

/** How much better the corrected model foretells than the model alone, in nats a trial. */
function gain(head: PlantedHead, theta: readonly number[]): number {
  const rng = seededRng('judge');
  const loss = (p: number, q: number) => -p * Math.log(q) - (1 - p) * Math.log(1 - q);
  return meanOf(
    Array.from({ length: 1500 }, () => {
      const trial = draw(rng);
      const truth = chance(trial.logit + correction(theta, trial));
      return loss(truth, chance(trial.logit)) - loss(truth, chance(trial.logit + head.correction(trial)));
    }),
  );
}

describe('what the head learns, on planted data', () => {
  it.each([
    ['a jump of a whole logit', 1, 400, 0.3],
    ['a fall of a logit and a half', -1.5, 1500, 0.5],
    ['a jump of two logits', 2, 400, 0.35],
  ])('finds %s to within the stated error', (_, shift, trials, error) => {
    const rng = seededRng(`shift ${shift}`);
    const found = Array.from({ length: 20 }, () => shiftOf(taught(rng, trials, [shift])));
    expect(Math.abs(meanOf(found) - shift)).toBeLessThan(error);
    expect(found.filter((value) => Math.abs(value - shift) < 2 * error).length).toBeGreaterThanOrEqual(19);
  });

  it('finds half of a shift of 0.5 within 60 outcomes, nearly all of it within 1,000', () => {
    const rng = seededRng('rate');
    const mean = (trials: number) =>
      meanOf(Array.from({ length: 30 }, () => shiftOf(taught(rng, trials, [0.5]))));
    expect(mean(60)).toBeGreaterThan(0.25);
    expect(mean(1000)).toBeGreaterThan(0.4);
    expect(mean(1000)).toBeLessThan(0.55);
  });

  it('adds nothing without outcomes, and costs a true model less than 0.008 nats on the way', () => {
    expect(new PlantedHead(NUMBERS).correction(draw(seededRng('none')))).toBe(0);
    const rng = seededRng('calibrated');
    for (const trials of [20, 100, 500]) {
      const gains = Array.from({ length: 20 }, () => gain(taught(rng, trials, NOTHING), NOTHING));
      expect(meanOf(gains)).toBeGreaterThan(-0.008);
    }
  });

  it('makes a model that is off better, however few outcomes there are', () => {
    const rng = seededRng('better');
    for (const trials of [20, 100, 500]) {
      const gains = Array.from({ length: 40 }, () => {
        const truth = NOTHING.map((_, place) => (place === 0 ? 0.7 : 0.2) * gaussian(rng));
        return gain(taught(rng, trials, truth), truth);
      });
      expect(meanOf(gains)).toBeGreaterThan(0.002);
    }
  });

  it('becomes surer of what it has seen more of', () => {
    const rng = seededRng('surer');
    const asked = draw(rng);
    const sure = [0, 50, 500, 5000].map((trials) => taught(rng, trials, NOTHING).uncertainty(asked));
    expect(sure[0]).toBe(1);
    expect(sure).toEqual(sure.toSorted((one, other) => other - one));
    expect(sure[3]).toBeLessThan(0.5);
  });

  it('lets actions learn from each other: a new one begins where the others are', () => {
    const rng = seededRng('newcomer');
    const head = new PlantedHead(NUMBERS);
    for (let action = 0; action < 12; action += 1) teach(head, rng, 150, [0.8], `action-${action}`);
    expect(shiftOf(head, 'newcomer')).toBeGreaterThan(0.5);
    expect(shiftOf(head, 'newcomer')).toBeLessThan(0.95);
    const alone = taught(rng, 1800, [0.8], 'action-0');
    expect(shiftOf(alone, 'newcomer')).toBeLessThan(shiftOf(head, 'newcomer'));
  });
});

describe('windows that are still open', () => {
  /** Outcomes come late: half of them in the last half of the window. */
  function simulate(weighted: boolean): number[] {
    const rng = seededRng('late');
    const biases: number[] = [];
    for (let round = 0; round < 40; round += 1) {
      const head = new PlantedHead(NUMBERS);
      const closed = STEPS.map((end, step) => 4000 * (end - (STEPS[step - 1] ?? 0)));
      const lateness = latenessOf(arrivalsOf(closed));
      for (let count = 0; count < 600; count += 1) {
        const trial = draw(rng);
        const p = chance(trial.logit);
        const elapsed = rng.next();
        const come = rng.next() < p && rng.next() <= elapsed;
        if (come) head.put(trial, 1);
        else if (weighted) head.put(trial, 0, negativeWeight(p, shareArrived(lateness, elapsed)));
      }
      head.fit();
      biases.push(shiftOf(head));
    }
    return biases;
  }

  it('do not drive the estimate up: the mean over 40 logs is within 0.08 logits of the truth', () => {
    expect(Math.abs(meanOf(simulate(true)))).toBeLessThan(0.08);
    expect(meanOf(simulate(false))).toBeGreaterThan(0.5);
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
