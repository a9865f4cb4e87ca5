import { describe, expect, it } from '@jest/globals';
import { seededRng } from '../../shared/index.js';
import { additive, planted } from '../testing/planted.js';
import { driftOf } from './drift.js';

const { dataset } = planted(2000, additive, seededRng('drift'));
const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, place) => from + place);

describe('the drift of an input', () => {
  it('is small where both times draw from the same', () => {
    for (const moved of driftOf(dataset, rows(0, 1000), rows(1000, 2000)).values())
      expect(moved).toBeLessThan(0.1);
  });

  it('is nearly 1 where the later values lie beyond the earlier ones, and leaves the others alone', () => {
    const width = dataset.schema.numbers.length;
    const numbers = dataset.numbers.map((value, place) =>
      place % width === 0 && place / width >= 1000 ? value + 20 : value,
    );
    const drift = driftOf({ ...dataset, numbers }, rows(0, 1000), rows(1000, 2000));
    expect(drift.get('feature:a')).toBe(1);
    expect(drift.get('feature:b')).toBeLessThan(0.1);
  });

  it('is not told of what hardly anybody knows', () => {
    const numbers = dataset.numbers.map((value, place) => (place % 3 === 0 && place > 90 ? NaN : value));
    expect(driftOf({ ...dataset, numbers }, rows(0, 1000), rows(1000, 2000)).has('feature:a')).toBe(false);
  });
});
