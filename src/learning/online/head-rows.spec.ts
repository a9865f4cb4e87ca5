import { describe, expect, it } from '@jest/globals';
import { type HeadRow, HeadRows } from './head-rows.js';

const blocks = { account: Int32Array.of(0, 10), crosses: Int32Array.of(20), single: Int32Array.of(30) };

/** Of its number: so many account inputs, each of that value, and one cross. */
function rowOf(number: number): HeadRow {
  const width = 1 + (number % 5);
  return {
    blocks,
    logit: -number,
    account: {
      places: Int32Array.from({ length: width }, (_, place) => place),
      values: new Float64Array(width).fill(number),
    },
    crosses: { places: Int32Array.of(1), values: Float64Array.of(number / 2) },
  };
}

function filled(count: number): HeadRows {
  const rows = new HeadRows();
  for (let number = 0; number < count; number += 1) {
    const index = rows.add(`row ${number}`, rowOf(number), 1000 - number);
    rows.fullWeight[index] = number;
    rows.weight[index] = number;
    rows.label[index] = number % 2;
  }
  return rows;
}

/** wᵀx with w = 1, 2, 3, … */
const weights = Float64Array.from({ length: 31 }, (_, place) => place + 1);
function expectedDot(number: number): number {
  const width = 1 + (number % 5);
  let sum = 31 + 22 * (number / 2);
  for (let place = 0; place < width; place += 1) sum += number * (place + 1 + place + 11);
  return sum;
}

/** Number of each row that stands, in their order, found through what the row itself holds. */
const standing = (rows: HeadRows): number[] =>
  Array.from({ length: rows.count }, (_, index) => index)
    .filter((index) => (rows.fullWeight[index] as number) > 0)
    .map((index) => -(rows.logit[index] as number));

describe('the rows of a head', () => {
  it('keep what was put into them however many come', () => {
    const rows = filled(500);
    expect(rows.size).toBe(500);
    for (const number of [0, 1, 63, 64, 65, 499]) {
      const index = rows.find(`row ${number}`) as number;
      expect(rows.dot(weights, index)).toBeCloseTo(expectedDot(number), 6);
      expect(rows.label[index]).toBe(number % 2);
      expect(rows.startedAt[index]).toBe(1000 - number);
    }
  });

  it('keep their order and their numbers when places are used again', () => {
    const rows = filled(300);
    for (let number = 0; number < 300; number += 1) if (number % 3 !== 1) rows.remove(`row ${number}`);
    expect(rows.remove('row 0')).toBe(false);
    rows.compact();
    expect([rows.size, rows.count]).toEqual([100, 100]);
    const left = Array.from({ length: 100 }, (_, place) => 3 * place + 1);
    expect(standing(rows)).toEqual(left);
    for (const number of left)
      expect(rows.dot(weights, rows.find(`row ${number}`) as number)).toBeCloseTo(expectedDot(number), 6);
    const again = rows.add('row 0', rowOf(7), 0);
    expect(again).toBe(100);
    expect(rows.dot(weights, again)).toBeCloseTo(expectedDot(7), 6);
  });

  it('do not move for a few that were taken out, which weigh nothing', () => {
    const rows = filled(100);
    const index = rows.find('row 50') as number;
    rows.remove('row 50');
    rows.compact();
    expect([rows.size, rows.count, rows.weight[index], rows.fullWeight[index]]).toEqual([99, 100, 0, 0]);
  });

  it('lose those that began first where there are too many', () => {
    const rows = filled(100);
    rows.keepNewest(40);
    expect(rows.size).toBe(40);
    expect(standing(rows)).toEqual(Array.from({ length: 39 }, (_, place) => place + 1));
    expect(rows.find('row 0')).toBe(0);
    expect(rows.find('row 99')).toBeUndefined();
  });
});
