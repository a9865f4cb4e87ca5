import { describe, expect, it } from '@jest/globals';
import { gaussian, seededRng } from '../../shared/index.js';
import { chooseMargin, personalArms } from './personal-choice.js';

const ROWS = 4000;
const train = Int32Array.from({ length: ROWS }, (_, row) => row);

/** Scores of three arms (the control, one that brings 1 to all, a rival), and what is expected of the rival. */
function planted(rival: (x: number) => number, expectedOf: (x: number, noise: number) => number) {
  const rng = seededRng('personal-choice');
  const values = new Float64Array(ROWS * 3);
  const expected = new Float64Array(ROWS * 3);
  const xs = new Float64Array(ROWS);
  for (let row = 0; row < ROWS; row += 1) {
    const x = (xs[row] = rng.next() * 2 - 1);
    values.set([gaussian(rng), 1 + gaussian(rng), rival(x) + gaussian(rng)], row * 3);
    expected.set([0, 1, expectedOf(x, gaussian(rng))], row * 3);
  }
  return { scores: { arms: 3, values }, expected, xs };
}

describe('choices of one’s own against the arm that is best for all', () => {
  it('are made where they bring more', () => {
    const rival = (x: number) => 0.8 + x;
    const { scores, expected, xs } = planted(rival, rival);
    const personal = chooseMargin({ train, scores }, expected);
    expect(personal.usual).toBe(1);
    expect(personal.gained).toBeGreaterThan(0.1);
    const chosen = personalArms(expected, 3, personal);
    expect(train.every((row) => (xs[row] ?? 0) < 0.6 || chosen[row] === 2)).toBe(true);
    expect(train.every((row) => (xs[row] ?? 0) > 0.2 || chosen[row] === 1)).toBe(true);
  });

  it('are not made where the rival only looks better by chance', () => {
    const { scores, expected } = planted(
      () => 0.5,
      (_x, noise) => 0.5 + noise,
    );
    const personal = chooseMargin({ train, scores }, expected);
    expect(personal).toMatchObject({ usual: 1, margin: null, gained: 0 });
    expect(personalArms(expected, 3, personal).every((arm) => arm === 1)).toBe(true);
  });
});
