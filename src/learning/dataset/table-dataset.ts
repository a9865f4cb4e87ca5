import type { ActionId, ChannelId, OutcomeId } from '../../catalogue/index.js';
import type { CandidateInputs } from '../../recommender/index.js';
import { type Dataset, DatasetBuilder } from './dataset.js';

/** A column of a file: numbers with NaN where nothing is known, or texts with null. */
export type TableColumn = { name: string } & (
  { kind: 'number'; values: Float64Array } | { kind: 'category'; values: readonly (string | null)[] }
);

const HEAD = 'target';

/**
 * A file as rows to learn from: every row an account of its own, the candidate the same for all. Rows in order of time
 * get their number as time (milliseconds); others none.
 */
export function tableDataset(
  columns: readonly TableColumn[],
  target: ArrayLike<number>,
  inOrderOfTime: boolean,
): Dataset {
  const numbers = columns.flatMap((column) => (column.kind === 'number' ? [column] : []));
  const categories = columns.flatMap((column) => (column.kind === 'category' ? [column] : []));
  const builder = new DatasetBuilder(
    {
      featureSet: 'table',
      numbers: numbers.map(({ name }) => name),
      categories: categories.map(({ name }) => name),
      crosses: [],
    },
    [HEAD],
  );
  for (let row = 0; row < target.length; row += 1) {
    builder.add({
      accountId: String(row),
      at: inOrderOfTime ? new Date(row) : null,
      inputs: {
        numbers: Float32Array.from(numbers, ({ values }) => values[row] ?? NaN),
        categories: categories.map(({ values }) => values[row] ?? null),
      },
      candidate,
      labels: Float32Array.of(target[row] ?? NaN),
    });
  }
  return builder.build();
}

/** Nothing is chosen here: one action on one channel. */
const candidate: CandidateInputs = {
  actionId: 'contact' as ActionId,
  channelId: 'contact' as ChannelId,
  treatmentId: null,
  productId: null,
  topics: [],
  intent: 'offer',
  purpose: 'marketing',
  outcomeId: HEAD as OutcomeId,
  channelKind: 'other',
  crosses: new Float32Array(0),
};

/** These rows only; accounts keep their numbers. */
export function rowsOfDataset(dataset: Dataset, rows: Int32Array): Dataset {
  const part = <Values extends Float32Array | Float64Array | Int32Array>(
    values: Values,
    width: number,
  ): Values => {
    const kept = values.slice(0, rows.length * width) as Values;
    rows.forEach((row, place) => kept.set(values.subarray(row * width, (row + 1) * width), place * width));
    return kept;
  };
  const { schema } = dataset;
  return {
    ...dataset,
    rows: rows.length,
    numbers: part(dataset.numbers, schema.numbers.length),
    categories: part(dataset.categories, schema.categories.length),
    profile: part(dataset.profile, 1),
    crosses: part(dataset.crosses, schema.crosses.length),
    labels: part(dataset.labels, dataset.heads.length),
    at: part(dataset.at, 1),
    account: part(dataset.account, 1),
    accounts: new Set(rows.map((row) => dataset.account[row] ?? -1)).size,
  };
}
