import { InvalidArgumentError } from 'commander';

/** How rows of a file are held out: by row number modulo k, or the last ones of their order. */
export type FoldsAsked = { kind: 'kfold'; folds: number } | { kind: 'time'; share: number };

/** `kfold:5` or `time:0.7`. */
export function foldsAsked(text: string): FoldsAsked {
  const [kind, given] = text.split(':');
  const number = Number(given);
  if (kind === 'kfold' && Number.isInteger(number) && number >= 2) return { kind, folds: number };
  if (kind === 'time' && number > 0 && number < 1) return { kind, share: number };
  throw new InvalidArgumentError('must be kfold:<2 or more>, or time:<share that trains, between 0 and 1>');
}

/** Rows that train and rows that are judged, a fold each. */
export function foldsOfTable(rows: number, asked: FoldsAsked): { train: Int32Array; test: Int32Array }[] {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  if (asked.kind === 'time') {
    const first = Math.floor(rows * asked.share);
    return [{ train: all.subarray(0, first), test: all.subarray(first) }];
  }
  return Array.from({ length: asked.folds }, (_, fold) => ({
    train: all.filter((row) => row % asked.folds !== fold),
    test: all.filter((row) => row % asked.folds === fold),
  }));
}
