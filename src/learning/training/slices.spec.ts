import { describe, expect, it } from '@jest/globals';
import type { CandidateInputs } from '../../recommender/index.js';
import { allRows, DatasetBuilder } from '../dataset/dataset.js';
import { profiles } from '../testing/random-artefact.js';
import { calibrationParts, slicesOf } from './slices.js';

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

const accountsOf = (dataset: ReturnType<typeof datasetAt>, rows: Int32Array) =>
  new Set([...rows].map((row) => dataset.account[row]));

function onlySlice(dataset: ReturnType<typeof datasetAt>) {
  const slices = slicesOf(dataset, allRows(dataset), 's');
  expect(slices).toHaveLength(1);
  return slices[0] as (typeof slices)[number];
}

describe('what is held out', () => {
  it('is later than everything that is fitted, where rows have a time', () => {
    const dataset = datasetAt(Array.from({ length: 1000 }, (_, row) => row));
    const slice = onlySlice(dataset);
    expect(slice.by).toBe('time');
    expect(Math.max(...slice.fit)).toBeLessThan(Math.min(...slice.stop, ...slice.judge));
    expect(slice.fit).toHaveLength(800);
  });

  it('is the whole last wave, where touches come in waves', () => {
    const dataset = datasetAt(Array.from({ length: 1000 }, (_, row) => Math.floor(row / 250)));
    const slice = onlySlice(dataset);
    expect(slice.stop.length + slice.judge.length).toBe(250);
  });

  it('shares no account between stopping and judging', () => {
    const dataset = datasetAt(Array.from({ length: 1000 }, (_, row) => row));
    const { stop, judge } = onlySlice(dataset);
    const both = [...accountsOf(dataset, stop)].filter((account) => accountsOf(dataset, judge).has(account));
    expect(both).toEqual([]);
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
});
