import { describe, expect, it } from '@jest/globals';
import type { CandidateInputs } from '../../recommender/index.js';
import { allRows, type Dataset, DatasetBuilder } from '../dataset/dataset.js';
import { profiles } from '../testing/random-artefact.js';
import { candidateColumns, encodeCase, fitEncoder, widthsOf } from './encoder.js';
import { numberWidth } from './number-code.js';

const schema = {
  featureSet: 'test',
  numbers: ['feature:visits', 'feature:constant'],
  categories: ['account:segment'],
  crosses: ['reads@action'],
};
const NOBODY = { numbers: Float32Array.of(NaN, NaN), categories: [null] };

function candidate(index: number, cross: number): CandidateInputs {
  const profile = profiles()[index];
  if (!profile) throw new Error('no such profile');
  return { ...profile, crosses: Float32Array.of(cross) };
}

function dataset(): Dataset {
  const builder = new DatasetBuilder(schema, ['opened']);
  for (let row = 0; row < 100; row += 1) {
    builder.add({
      accountId: `account-${row}`,
      at: new Date(row * 1000),
      inputs: {
        numbers: Float32Array.of(row < 10 ? NaN : row, 7),
        categories: [row < 60 ? 'gold' : row < 98 ? 'silver' : 'odd'],
      },
      candidate: candidate(row % 3, row % 2 === 0 ? NaN : row),
      labels: Float32Array.of(row % 2),
    });
  }
  return builder.build();
}

describe('the encoder', () => {
  const rows = dataset();
  const encoder = fitEncoder(rows, allRows(rows), { bins: 4, rareBelow: 20 });

  it('writes what is unknown as nothing at all', () => {
    const { account, crosses } = encodeCase(encoder, NOBODY, candidate(0, NaN));
    expect([...account, ...crosses].every((value) => value === 0)).toBe(true);
  });

  it('tells known from unknown, puts the mean at zero and fills the pieces below a value', () => {
    const [visits] = encoder.numbers;
    if (!visits) throw new Error('no number');
    const encoded = encodeCase(
      encoder,
      { ...NOBODY, numbers: Float32Array.of(visits.mean, NaN) },
      candidate(0, NaN),
    );
    expect(encoded.account[0]).toBe(1);
    expect(encoded.account[1]).toBeCloseTo(0, 5);
    const pieces = [...encoded.account.subarray(2, numberWidth(visits))];
    expect(pieces[0]).toBe(1);
    expect(pieces.at(-1)).toBe(0);
    expect(pieces.reduce((sum, piece) => sum + piece, 0)).toBeCloseTo(2, 1);
  });

  it('holds a value beyond what was seen at the edge', () => {
    const at = (value: number) =>
      encodeCase(encoder, { ...NOBODY, numbers: Float32Array.of(value, NaN) }, candidate(0, NaN)).account;
    expect(at(1e9)).toEqual(at(99));
  });

  it('has no pieces for a number that never changes', () => {
    expect(encoder.numbers[1]?.knots).toEqual([]);
  });

  it('puts a rare and an unheard-of category into one column, and an unknown one into none', () => {
    const of = (segment: string | null) => [
      ...encodeCase(encoder, { ...NOBODY, categories: [segment] }, candidate(0, NaN)).account,
    ];
    expect(encoder.categories[0]?.values).toEqual(['gold', 'silver']);
    expect(of('odd')).toEqual(of('platinum'));
    expect(of('gold')).not.toEqual(of('odd'));
    expect(of(null).reduce((sum, value) => sum + value, 0)).toBe(0);
  });

  it('knows a new action by its other properties', () => {
    const stranger = { ...candidate(0, NaN), actionId: 'brand-new' as CandidateInputs['actionId'] };
    const fields = candidateColumns(encoder, stranger).map(({ field }) => field);
    expect(fields).toContain('channel');
    expect(fields).toContain('topic');
    expect(fields).not.toContain('action');
  });

  it('says its widths', () => {
    const widths = widthsOf(encoder);
    const encoded = encodeCase(encoder, NOBODY, candidate(0, 3));
    expect(encoded.account).toHaveLength(widths.account);
    expect(encoded.candidate).toHaveLength(widths.candidate);
    expect(encoded.crosses).toHaveLength(widths.crosses);
  });
});
