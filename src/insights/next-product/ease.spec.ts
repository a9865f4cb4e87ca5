import { describe, expect, it } from '@jest/globals';
import { seededRng } from '../../shared/index.js';
import { Ease } from './ease.js';
import { ItemNeighbours } from './item-neighbours.js';
import { invertInPlace } from './symmetric-inverse.js';

function positiveDefinite(n: number): Float64Array {
  const rng = seededRng(`matrix ${n}`);
  const factors = Float64Array.from({ length: n * 12 }, () => rng.next() - 0.5);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      let sum = i === j ? 0.5 : 0;
      for (let k = 0; k < 12; k += 1) sum += (factors[i * 12 + k] ?? 0) * (factors[j * 12 + k] ?? 0);
      a[i * n + j] = sum;
    }
  }
  return a;
}

describe('the inverse of a symmetric matrix', () => {
  it('is right by hand for two rows', () => {
    const a = Float64Array.from([4, 1, 1, 2]);
    invertInPlace(a, 2);
    [2 / 7, -1 / 7, -1 / 7, 4 / 7].forEach((entry, place) => expect(a[place]).toBeCloseTo(entry, 14));
  });

  it.each([1, 3, 63, 64, 65, 130, 301])('gives the unit matrix back, with %i rows', (n) => {
    const a = positiveDefinite(n);
    const inverse = a.slice();
    invertInPlace(inverse, n);
    let worst = 0;
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) {
        let sum = 0;
        for (let k = 0; k < n; k += 1) sum += (a[i * n + k] ?? 0) * (inverse[k * n + j] ?? 0);
        worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)));
      }
    }
    expect(worst).toBeLessThan(1e-11);
  });

  it('is refused for a matrix that is not positive definite, or of another size', () => {
    expect(() => invertInPlace(Float64Array.from([1, 2, 2, 1]), 2)).toThrow(/not positive definite/);
    expect(() => invertInPlace(new Float64Array(3), 2)).toThrow(/4 entries/);
  });
});

describe('EASE', () => {
  const baskets = [
    new Map([
      [0, 1],
      [1, 1],
    ]),
    new Map([[1, 1]]),
  ];

  it('is computed by hand for two items', () => {
    // XᵀX = [1 1; 1 2], λ = 1: P = 1/5 · [3 −1; −1 2], so B₀₁ = 1/2 and B₁₀ = 1/3.
    const ease = Ease.fit(baskets, 2, 1);
    const [own0, from0] = ease.score(new Map([[0, 1]]));
    expect(own0).toBeCloseTo(0, 12);
    expect(from0).toBeCloseTo(1 / 2, 12);
    const [from1, own1] = ease.score(new Map([[1, 2]]));
    expect(from1).toBeCloseTo(2 / 3, 12);
    expect(own1).toBeCloseTo(0, 12);
  });

  it('minimises its loss: each column solves its own ridge regression without the item itself', () => {
    const rng = seededRng('ease');
    const items = 6;
    const lambda = 2;
    const many = Array.from({ length: 40 }, () => {
      const basket = new Map<number, number>();
      for (let item = 0; item < items; item += 1) if (rng.next() < 0.4) basket.set(item, rng.next());
      return basket;
    });
    const ease = Ease.fit(many, items, lambda);
    const column = 2;
    const weights = Array.from({ length: items }, (_, item) => ease.score(new Map([[item, 1]]))[column] ?? 0);
    // The gradient of Σ (x_c − x·b)² + λ|b|² is zero in every other coordinate.
    for (let item = 0; item < items; item += 1) {
      if (item === column) continue;
      const slope = many.reduce(
        (sum, basket) => {
          const predicted = weights.reduce((total, weight, at) => total + weight * (basket.get(at) ?? 0), 0);
          return sum + (basket.get(item) ?? 0) * (predicted - (basket.get(column) ?? 0));
        },
        lambda * (weights[item] ?? 0),
      );
      expect(slope).toBeCloseTo(0, 9);
    }
  });

  it('needs a lambda above zero', () => {
    expect(() => Ease.fit(baskets, 2, 0)).toThrow(/lambda/);
  });
});

describe('neighbours of items', () => {
  it('are as near as the cosine of their buyers, by hand', () => {
    const neighbours = new ItemNeighbours(
      [
        new Map([
          [0, 3],
          [1, 1],
        ]),
        new Map([
          [1, 1],
          [2, 1],
        ]),
        new Map([[1, 1]]),
      ],
      3,
    );
    const [own, second, third] = neighbours.score(new Map([[0, 1]]));
    expect(own).toBe(0);
    expect(second).toBeCloseTo(1 / Math.sqrt(3), 6);
    expect(third).toBe(0);
  });
});
