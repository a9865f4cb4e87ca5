import { describe, expect, it } from '@jest/globals';
import type { CandidateInputs } from '../../recommender/index.js';
import { allRows, DatasetBuilder } from '../dataset/dataset.js';
import { profiles } from '../testing/random-artefact.js';
import { calibrationFolds, calibrationParts, type Slices, slicesOf } from './slices.js';

const schema = { featureSet: 'test', numbers: [], categories: [], crosses: [] };

function datasetAt(times: readonly (number | null)[]) {
  const builder = new DatasetBuilder(schema, ['opened']);
  const candidate = { ...profiles()[0], crosses: new Float32Array() } as CandidateInputs;
  times.forEach((at, row) =>
    builder.add({
      accountId: `account-${row % 50}`,
      at: at === null ? null : new Date(at),
      inputs: { numbers: new Float32Array(), categories: [] },
      candidate,
      labels: Float32Array.of(0),
    }),
  );
  return builder.build();
}

/** Enough rows for the latest fifth to judge alone. */
const MANY = 20_000;

const latest = (rows: Int32Array) => rows.reduce((most, row) => Math.max(most, row), -Infinity);
const earliest = ({ stop, judge }: Slices) =>
  [...stop, ...judge].reduce((least, row) => Math.min(least, row), Infinity);

const accountsOf = (dataset: ReturnType<typeof datasetAt>, rows: Int32Array) =>
  new Set([...rows].map((row) => dataset.account[row]));

function onlySlice(dataset: ReturnType<typeof datasetAt>) {
  const slices = slicesOf(dataset, allRows(dataset), 's');
  expect(slices).toHaveLength(1);
  return slices[0] as (typeof slices)[number];
}

describe('what is held out', () => {
  it('is later than everything that is fitted, where rows have a time', () => {
    const dataset = datasetAt(Array.from({ length: MANY }, (_, row) => row));
    const slice = onlySlice(dataset);
    expect(slice.by).toBe('time');
    expect(earliest(slice)).toBeGreaterThan(latest(slice.fit));
    expect(slice.fit).toHaveLength(0.8 * MANY);
  });

  it('is several windows of time where rows are few, each later than what is fitted for it', () => {
    const dataset = datasetAt(Array.from({ length: 1000 }, (_, row) => row));
    const slices = slicesOf(dataset, allRows(dataset), 's');
    expect(slices.map(({ fit }) => fit.length)).toEqual([800, 600, 400]);
    for (const slice of slices) {
      expect(slice.by).toBe('time');
      expect(earliest(slice)).toBeGreaterThan(latest(slice.fit));
    }
    const heldOut = slices.flatMap(({ stop, judge }) => [...stop, ...judge]);
    expect(new Set(heldOut).size).toBe(600);
    expect(heldOut).toHaveLength(600);
  });

  it('is whole waves, the last one first, where touches come in waves', () => {
    const dataset = datasetAt(Array.from({ length: 1000 }, (_, row) => Math.floor(row / 250)));
    const slices = slicesOf(dataset, allRows(dataset), 's');
    expect(slices.map(({ stop, judge }) => stop.length + judge.length)).toEqual([250, 250, 250]);
    expect(slices.map(earliest)).toEqual([750, 500, 250]);
  });

  it('shares no account between stopping and judging', () => {
    const dataset = datasetAt(Array.from({ length: 1000 }, (_, row) => row));
    for (const { stop, judge } of slicesOf(dataset, allRows(dataset), 's')) {
      const judging = accountsOf(dataset, judge);
      expect([...accountsOf(dataset, stop)].filter((account) => judging.has(account))).toEqual([]);
    }
  });

  it('is whole accounts in folds that judge each row once, where rows have no time', () => {
    const dataset = datasetAt(Array.from({ length: 1000 }, () => null));
    const slices = slicesOf(dataset, allRows(dataset), 's');
    expect(slices.length).toBeGreaterThan(2);
    for (const { by, fit, stop, judge } of slices) {
      expect(by).toBe('accounts');
      const judging = accountsOf(dataset, judge);
      const others = [...accountsOf(dataset, fit), ...accountsOf(dataset, stop)];
      expect(others.some((account) => judging.has(account))).toBe(false);
      expect(fit.length + stop.length + judge.length).toBe(1000);
    }
    const judged = slices.flatMap(({ judge }) => [...judge]).sort((one, other) => one - other);
    expect(judged).toEqual([...allRows(dataset)]);
  });
});

describe('what a fit is calibrated on', () => {
  it('is accounts that it has not seen, of the same time', () => {
    const dataset = datasetAt(Array.from({ length: 1000 }, (_, row) => row));
    const { fit, calibrate } = calibrationParts(dataset, allRows(dataset), 's');
    const fitted = accountsOf(dataset, fit);
    expect([...accountsOf(dataset, calibrate)].some((account) => fitted.has(account))).toBe(false);
    expect(fit.length + calibrate.length).toBe(1000);
    expect(calibrate.length).toBeGreaterThan(0);
    expect(Math.max(...calibrate)).toBeGreaterThan(900);
  });

  it('is each account once, across parts that have not seen it, where rows are few', () => {
    const dataset = datasetAt(Array.from({ length: 1000 }, (_, row) => row));
    const folds = calibrationFolds(dataset, allRows(dataset), 's');
    for (const { fit, calibrate } of folds) {
      const fitted = accountsOf(dataset, fit);
      expect([...accountsOf(dataset, calibrate)].some((account) => fitted.has(account))).toBe(false);
    }
    const calibrated = folds.flatMap(({ calibrate }) => [...calibrate]).sort((one, other) => one - other);
    expect(calibrated).toEqual([...allRows(dataset)]);
  });
});
