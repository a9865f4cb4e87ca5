import { describe, expect, it } from '@jest/globals';
import { seededRng } from '../../shared/index.js';
import { HeadMatrix } from './head-matrix.js';
import { HeadRows } from './head-rows.js';

const WIDTH = 60;
const ACCOUNT = 8;
const CROSSES = 4;
/** Three kinds of rows, whose blocks share some of their weights. */
const kinds = [
  { account: Int32Array.of(0, 8), crosses: Int32Array.of(24), single: Int32Array.of(40) },
  { account: Int32Array.of(0, 16), crosses: Int32Array.of(24, 28), single: Int32Array.of(40, 41) },
  { account: Int32Array.of(), crosses: Int32Array.of(32), single: Int32Array.of() },
];

function filled(count: number) {
  const rng = seededRng('matrix');
  const some = (width: number) => {
    const places = Array.from({ length: width }, (_, place) => place).filter(() => rng.next() < 0.5);
    return {
      places: Int32Array.from(places),
      values: Float64Array.from(places, () => Math.fround(rng.next())),
    };
  };
  const rows = new HeadRows();
  const dense: number[][] = [];
  for (let number = 0; number < count; number += 1) {
    const blocks = kinds[Math.floor(rng.next() * kinds.length)] as (typeof kinds)[number];
    const [account, crosses] = [some(ACCOUNT), some(CROSSES)];
    // an hour of which something is known, or none
    const hours = number % 3 === 0 ? [] : [50 + (number % 4), 56];
    const index = rows.add(`${number}`, { logit: 0, blocks, account, crosses, hours }, 0);
    rows.weight[index] = number % 7 === 3 ? 0 : 1;
    const row = Array.from({ length: WIDTH }, () => 0);
    const write = (starts: Int32Array, { places, values }: typeof account) =>
      starts.forEach((start) => places.forEach((place, at) => (row[start + place] = values[at] as number)));
    write(blocks.account, account);
    write(blocks.crosses, crosses);
    [...blocks.single, ...hours].forEach((start) => (row[start] = 1));
    dense.push(row);
  }
  return { rows, dense, rng };
}

/** Gives the pauses. */
function run(pass: Generator<void, void>): number {
  let pauses = 0;
  while (!pass.next().done) pauses += 1;
  return pauses;
}

describe('the matrix of the rows that count', () => {
  it('multiplies as the dense one does, and leaves out what weighs nothing', () => {
    const { rows, dense, rng } = filled(200);
    const matrix = new HeadMatrix(rows);
    const weights = Float64Array.from({ length: WIDTH }, () => rng.next() - 0.5);
    const products = new Float64Array(200);
    run(matrix.times(weights, products));
    for (const [index, row] of dense.entries()) {
      const expected = row.reduce((sum, value, place) => sum + value * (weights[place] as number), 0);
      expect(products[index]).toBeCloseTo(index % 7 === 3 ? 0 : expected, 10);
      expect(rows.dot(weights, index)).toBeCloseTo(expected, 10);
    }
  });

  it.each([
    ['numbers', false],
    ['squares', true],
  ])('sums the %s of its rows by their factors, beside what was there', (_, squared) => {
    const { rows, dense, rng } = filled(200);
    const factors = Float64Array.from({ length: 200 }, () => rng.next() - 0.5);
    const sums = new Float64Array(WIDTH).fill(2);
    run(new HeadMatrix(rows).addTransposed(factors, sums, squared));
    for (let place = 0; place < WIDTH; place += 1) {
      const expected = dense.reduce((sum, row, index) => {
        const value = row[place] as number;
        return index % 7 === 3 ? sum : sum + (factors[index] as number) * (squared ? value ** 2 : value);
      }, 2);
      expect(sums[place]).toBeCloseTo(expected, 10);
    }
  });

  it('gives others their turn every few thousand rows', () => {
    const { rows } = filled(20_000);
    const matrix = new HeadMatrix(rows);
    const pauses = run(matrix.times(new Float64Array(WIDTH), new Float64Array(rows.count)));
    expect(pauses).toBeGreaterThanOrEqual(1);
    expect(
      run(new HeadMatrix(filled(100).rows).addTransposed(new Float64Array(100), new Float64Array(WIDTH))),
    ).toBe(0);
  });
});
