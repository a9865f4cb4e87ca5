import { join } from 'node:path';
import { randomisedRows } from '../../../scripts/evaluate-uplift.js';
import { readTable } from '../../../scripts/table-file.js';
import type { RandomisedRows } from '../../../src/learning/index.js';
import { featureNames, readSends } from '../starbucks-sends.js';

/** What is known of people in public data; their outcomes are not read. */
export type Covariates = Pick<RandomisedRows, 'rows' | 'numbers' | 'categories'>;

export const sources = ['hillstrom', 'bank', 'starbucks'] as const;
export type Source = (typeof sources)[number];

export async function readCovariates(dataDir: string, source: Source): Promise<Covariates> {
  if (source === 'starbucks') return ofSends(dataDir);
  const table =
    source === 'hillstrom'
      ? await readTable(join(dataDir, 'hillstrom/hillstrom.csv.gz'), {
          required: [],
          drop: ['conversion', 'spend'],
        })
      : await readTable(join(dataDir, 'bank-marketing/bank-additional-full.csv.gz'), {
          required: [],
          drop: ['duration'],
        });
  const named =
    source === 'hillstrom'
      ? { treatment: 'treatment', control: 'No E-Mail', outcome: 'visit' }
      : { treatment: 'contact', control: 'telephone', outcome: 'y' };
  const { rows, numbers, categories } = randomisedRows(table, named);
  return { rows, numbers, categories };
}

function ofSends(dataDir: string): Covariates {
  const { sends } = readSends(dataDir);
  const genders = ['F', 'M', 'O'];
  return {
    rows: sends.length,
    numbers: featureNames.map((name, place) => ({
      name,
      values: Float64Array.from(sends, ({ features }) => features[place] ?? NaN),
    })),
    categories: [
      {
        name: 'gender',
        values: genders,
        codes: Int32Array.from(sends, ({ gender }) => genders.indexOf(gender)),
      },
    ],
  };
}
