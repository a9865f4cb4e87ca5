import { describe, expect, it } from '@jest/globals';
import { gaussian, seededRng } from '../../shared/index.js';
import { NearestSearch } from './nearest.js';
import { eigenvectors, principalAxes } from './principal-axes.js';
import type { Placement } from './ports.js';
import { median, resampled, wilson } from './intervals.js';
import { fitSpace, similarityAt } from './space.js';

const placed = (numbers: number[], categories: (string | null)[] = []): Placement => [
  { numbers: Float32Array.from(numbers), categories },
];

describe('the nearest accounts', () => {
  it('are the same as by looking at every pair', () => {
    const rng = seededRng('nearest');
    const rows = 400;
    const dimensions = 7;
    const coordinates = Float32Array.from({ length: rows * dimensions }, (_, place) =>
      // wide along the first axis, and some points that coincide
      place % dimensions === 0 ? Math.round(5 * gaussian(rng)) : Math.round(gaussian(rng)),
    );
    const search = new NearestSearch({ dimensions, coordinates });
    const apart = (one: number, other: number) => {
      let sum = 0;
      for (let axis = 0; axis < dimensions; axis += 1)
        sum +=
          ((coordinates[one * dimensions + axis] ?? 0) - (coordinates[other * dimensions + axis] ?? 0)) ** 2;
      return sum;
    };
    for (let row = 0; row < rows; row += 1) {
      const all = Array.from({ length: rows }, (_, other) => other).filter((other) => other !== row);
      all.sort((a, b) => apart(row, a) - apart(row, b) || a - b);
      expect(search.of(row, 12)).toEqual(
        all.slice(0, 12).map((other) => ({ row: other, squaredDistance: apart(row, other) })),
      );
    }
  });

  it('of few accounts are all of them', () => {
    const search = new NearestSearch({ dimensions: 1, coordinates: Float32Array.from([0, 5, 1]) });
    expect(search.of(0, 10).map(({ row }) => row)).toEqual([2, 1]);
  });
});

describe('the space of accounts', () => {
  it('turns without changing distances, and leaves out what does not differ', () => {
    const rng = seededRng('axes');
    const rows = Float32Array.from({ length: 300 }, () => gaussian(rng));
    const { directions } = principalAxes(rows, 3, 1, 8);
    expect(directions).toHaveLength(3);
    for (const one of directions)
      for (const other of directions) {
        const product = one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
        expect(product).toBeCloseTo(one === other ? 1 : 0, 10);
      }
    const constant = Float32Array.from([1, 0, 1, 1, 1, 2]);
    expect(principalAxes(constant, 2, 1, 8).directions).toHaveLength(1);
  });

  it('finds the eigenvectors of a known matrix', () => {
    const { values } = eigenvectors(Float64Array.from([2, 1, 1, 2]), 2);
    expect([...values].sort()).toEqual([expect.closeTo(1, 12), expect.closeTo(3, 12)]);
  });

  it('counts each number on its own scale, and another category like a typical difference', () => {
    const placements = Array.from({ length: 40 }, (_, place) =>
      placed([1e6 * (place % 2), place % 4 < 2 ? 1 : 2], [place < 20 ? 'a' : 'b']),
    );
    const { space, points } = fitSpace(placements, 'test');
    const search = new NearestSearch(points);
    const [nearest] = search.of(0, 1);
    expect(nearest?.squaredDistance).toBeCloseTo(0, 5);
    expect(similarityAt(nearest?.squaredDistance ?? NaN, space)).toBeCloseTo(1, 2);
    expect(similarityAt(space.typicalDistance ** 2, space)).toBe(0);
  });

  it('gives a part of one column as much say as a part of many', () => {
    // who they are: one of two kinds; what they do: twenty numbers that follow each other, one step apart
    const placements = Array.from({ length: 60 }, (_, place): Placement => [
      { numbers: new Float32Array(0), categories: [place % 2 === 0 ? 'a' : 'b'] },
      { numbers: new Float32Array(20).fill(place % 3), categories: [] },
    ]);
    const { points } = fitSpace(placements, 'test');
    const nearest = new NearestSearch(points).of(0, 29);
    // everybody of its own kind one step away comes before everybody of the other kind who does the same
    expect(nearest.slice(0, 19).every(({ row }) => row % 2 === 0)).toBe(true);
  });

  it('says nothing where all accounts are the same', () => {
    const { space } = fitSpace([placed([1]), placed([1]), placed([1])], 'test');
    expect(space.typicalDistance).toBe(0);
  });
});

describe('intervals', () => {
  it('of a share are those of Wilson', () => {
    const { low, high } = wilson(3, 5);
    expect(low).toBeCloseTo(0.2307, 4);
    expect(high).toBeCloseTo(0.8824, 4);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilson(0, 10).low).toBe(0);
    expect(wilson(10, 10).high).toBe(1);
  });

  it('of a share cover the truth in about 95 of 100 cases', () => {
    const rng = seededRng('wilson');
    let covered = 0;
    for (let trial = 0; trial < 2000; trial += 1) {
      let succeeded = 0;
      for (let one = 0; one < 20; one += 1) if (rng.next() < 0.3) succeeded += 1;
      const { low, high } = wilson(succeeded, 20);
      if (low <= 0.3 && 0.3 <= high) covered += 1;
    }
    expect(covered / 2000).toBeGreaterThan(0.93);
    expect(covered / 2000).toBeLessThan(0.98);
  });

  it('of a median hold it, and shrink with what is known', () => {
    const rng = seededRng('median');
    const few = Array.from({ length: 8 }, (_, place) => place);
    const many = Array.from({ length: 200 }, (_, place) => place / 25);
    const wide = resampled(few, median, rng);
    const narrow = resampled(many, median, rng);
    expect(wide.low).toBeLessThan(3.5);
    expect(wide.high).toBeGreaterThan(3.5);
    expect(narrow.high - narrow.low).toBeLessThan(wide.high - wide.low);
  });
});
