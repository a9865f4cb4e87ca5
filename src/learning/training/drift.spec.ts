import { describe, expect, it } from '@jest/globals';
import { seededRng } from '../../shared/index.js';
import type { Dataset } from '../dataset/dataset.js';
import { additive, planted } from '../testing/planted.js';
import { driftOf } from './drift.js';

const { dataset } = planted(2000, additive, seededRng('drift'));
const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, place) => from + place);

describe('the drift of an input', () => {
  it('is small where both times draw from the same', () => {
    for (const { moved, outside } of driftOf(dataset, rows(0, 1000), rows(1000, 2000)).values()) {
      expect(moved).toBeLessThan(0.2);
      expect(outside).toBeLessThan(0.05);
    }
  });

  it('is large where the later values lie beyond the earlier ones, and leaves the others alone', () => {
    const width = dataset.schema.numbers.length;
    const numbers = dataset.numbers.map((value, place) =>
      place % width === 0 && place / width >= 1000 ? value + 20 : value,
    );
    const drift = driftOf({ ...dataset, numbers }, rows(0, 1000), rows(1000, 2000));
    expect(drift.get('feature:a')?.moved).toBeGreaterThan(1);
    expect(drift.get('feature:a')?.outside).toBe(1);
    expect(drift.get('feature:b')?.moved).toBeLessThan(0.2);
  });

  it('is small for shares of more touches than before: other values, but neither another level nor beyond', () => {
    const width = dataset.schema.numbers.length;
    const rng = seededRng('share');
    const noticed = () => (rng.next() < 0.8 ? 1 : 0);
    const withFirst = (first: (row: number) => number) => ({
      ...dataset,
      numbers: dataset.numbers.map((value, place) => (place % width === 0 ? first(place / width) : value)),
    });
    const one = (given: Dataset) => driftOf(given, rows(0, 1000), rows(1000, 2000)).get('feature:a');
    const shares = withFirst((row) =>
      row < 1000 ? (noticed() + noticed()) / 2 : (noticed() + noticed() + noticed()) / 3,
    );
    expect(one(shares)?.moved).toBeLessThan(0.2);
    expect(one(shares)?.outside).toBe(0);
    const counts = withFirst((row) => noticed() + noticed() + (row < 1000 ? 0 : noticed()));
    expect(one(counts)?.moved).toBeGreaterThan(0.5);
    expect(one(counts)?.outside).toBeGreaterThan(0.4);
  });

  it('is not told of what hardly anybody knows', () => {
    const numbers = dataset.numbers.map((value, place) => (place % 3 === 0 && place > 90 ? NaN : value));
    expect(driftOf({ ...dataset, numbers }, rows(0, 1000), rows(1000, 2000)).has('feature:a')).toBe(false);
  });
});
