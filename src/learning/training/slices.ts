import { unitHash } from '../../shared/index.js';
import type { Dataset } from '../dataset/dataset.js';

/** Parts of the training rows: to fit, to stop by, and to compare competitors on. */
export interface Slices {
  fit: Int32Array;
  stop: Int32Array;
  judge: Int32Array;
  /** `time`: stop and judge are later than fit. `accounts`: the rows have no order, the parts share no account. */
  by: 'time' | 'accounts';
}

/** Share of the rows that is held out, as far as equal times allow. */
const HELD_OUT = 0.2;
const MOST_HELD_OUT = 0.4;
const LEAST_HELD_OUT = 0.05;

/** Parts of the accounts, each of which judges once, where rows have no order. */
const FOLDS = 4;
/** Share of the other accounts that stop the fits of a fold. */
const STOP_SHARE = 0.1;

/** Rows from which on the latest fifth alone says enough; with fewer, several windows of time judge, one after the other. */
const ENOUGH_FOR_ONE = 10_000;
/** Where such windows begin and end, as shares of the rows: each is judged by what was fitted to all before it. */
const WINDOWS = [0.8, 0.6, 0.4];

/**
 * Holds out as the model will be used: the latest rows where the rows have an order in time, the latest window first,
 * else whole accounts, fold by fold. An account's rows of one slice are all in `fit`, all in `stop` or all in `judge`,
 * but for those of a time.
 */
export function slicesOf(dataset: Dataset, rows: Int32Array, seed: string): Slices[] {
  const latest = timeBorder(dataset, rows);
  if (latest === null) return foldsOf(dataset, rows, seed);
  const whole = windowOf(dataset, rows, seed, latest, Infinity);
  if (rows.length >= ENOUGH_FOR_ONE) return [whole];
  const times = timesOf(dataset, rows);
  const borders = WINDOWS.map((share) => times[Math.floor(times.length * share)] as number);
  const windows = borders.map((from, place) =>
    windowOf(dataset, rows, seed, from, place === 0 ? Infinity : (borders[place - 1] as number)),
  );
  const usable = windows.every(({ fit, stop, judge }) => fit.length * stop.length * judge.length > 0);
  return usable && borders[0] === latest ? windows : [whole];
}

/** Rows before a moment to fit; those from then on, and before another, to stop by and to judge. */
function windowOf(dataset: Dataset, rows: Int32Array, seed: string, from: number, until: number): Slices {
  const draw = drawOf(dataset, `${seed}:slice`);
  const at = (row: number) => dataset.at[row] ?? 0;
  const later = rows.filter((row) => at(row) >= from && at(row) < until);
  return {
    fit: rows.filter((row) => at(row) < from),
    stop: later.filter((row) => draw(row) < 0.5),
    judge: later.filter((row) => draw(row) >= 0.5),
    by: 'time',
  };
}

function foldsOf(dataset: Dataset, rows: Int32Array, seed: string): Slices[] {
  const draw = drawOf(dataset, `${seed}:slice`);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const judges = (row: number) => Math.floor(draw(row) * FOLDS) === fold;
    const stops = drawOf(dataset, `${seed}:stop ${fold}`);
    const others = rows.filter((row) => !judges(row));
    return {
      fit: others.filter((row) => stops(row) >= STOP_SHARE),
      stop: others.filter((row) => stops(row) < STOP_SHARE),
      judge: rows.filter(judges),
      by: 'accounts',
    };
  });
}

/** Share of the accounts that a fit leaves out, to be calibrated by. */
const CALIBRATION_SHARE = 0.1;

/**
 * The accounts that a fit learns from, and those that it is calibrated on. Both have rows of the same time: a
 * calibration on later rows would carry the drift of that time into a last fit that has learned it already.
 */
export function calibrationParts(
  dataset: Dataset,
  rows: Int32Array,
  seed: string,
): { fit: Int32Array; calibrate: Int32Array } {
  const draw = drawOf(dataset, `${seed}:calibration`);
  return {
    fit: rows.filter((row) => draw(row) >= CALIBRATION_SHARE),
    calibrate: rows.filter((row) => draw(row) < CALIBRATION_SHARE),
  };
}

/** Parts of the accounts that are left out in turn where a fit is calibrated across them. */
const CALIBRATION_FOLDS = 5;

/** Each part of the accounts once as those to calibrate by, the others to fit. */
export function calibrationFolds(
  dataset: Dataset,
  rows: Int32Array,
  seed: string,
): { fit: Int32Array; calibrate: Int32Array }[] {
  const draw = drawOf(dataset, `${seed}:calibration`);
  const folds = Int32Array.from(rows, (row) => Math.floor(draw(row) * CALIBRATION_FOLDS));
  return Array.from({ length: CALIBRATION_FOLDS }, (_, fold) => ({
    fit: rows.filter((_row, place) => folds[place] !== fold),
    calibrate: rows.filter((_row, place) => folds[place] === fold),
  }));
}

/** A number in [0, 1) for the account of each row, the same for all its rows. */
function drawOf(dataset: Dataset, salt: string): (row: number) => number {
  const draws = new Map<number, number>();
  return (row) => {
    const account = dataset.account[row] ?? -1;
    const known = draws.get(account);
    if (known !== undefined) return known;
    const drawn = unitHash(`${salt}:${account}`);
    draws.set(account, drawn);
    return drawn;
  };
}

/** Time from which on rows are held out; null where time does not part the rows. */
function timeBorder(dataset: Dataset, rows: Int32Array): number | null {
  const times = timesOf(dataset, rows);
  if (times.length === 0 || Number.isNaN(times[times.length - 1])) return null;
  const wanted = times[Math.floor(times.length * (1 - HELD_OUT))] ?? NaN;
  const share = (border: number) => times.filter((at) => at >= border).length / times.length;
  if (share(wanted) <= MOST_HELD_OUT) return wanted;
  const next = times.find((at) => at > wanted);
  return next !== undefined && share(next) >= LEAST_HELD_OUT ? next : null;
}

/** Ascending; NaN where a row has none. */
function timesOf(dataset: Dataset, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => dataset.at[row] ?? NaN).sort();
}
