import type { AccountInputs, CandidateInputs, InputSchema } from '../../recommender/index.js';

/** The candidate's own side, the same for every account: what the candidate tower reads. */
export type CandidateProfile = Omit<CandidateInputs, 'crosses'>;

/** Rows to learn from, packed by column so that they cross to a thread without being copied. */
export interface Dataset {
  schema: InputSchema;
  /** Outcome ids, one head each. */
  heads: string[];
  rows: number;
  /** rows × schema.numbers, NaN where unknown. */
  numbers: Float32Array;
  /** rows × schema.categories: place in `categoryValues` of that category, −1 where unknown. */
  categories: Int32Array;
  categoryValues: string[][];
  profiles: CandidateProfile[];
  /** Place in `profiles`. */
  profile: Int32Array;
  /** rows × schema.crosses, NaN where unknown. */
  crosses: Float32Array;
  /** rows × heads: 1 happened, 0 did not, NaN not observed. */
  labels: Float32Array;
  /** When the touch was, in Unix milliseconds; NaN where there is no time. */
  at: Float64Array;
  /** Stable number of the account, from 0. */
  account: Int32Array;
  accounts: number;
}

export interface DatasetRow {
  accountId: string;
  /** Null: rows without order in time. */
  at: Date | null;
  inputs: AccountInputs;
  candidate: CandidateInputs;
  /** One a head. */
  labels: Float32Array;
}

/** Key under which two candidates have the same profile. */
export function profileKey(candidate: CandidateProfile): string {
  return `${candidate.actionId}\u0001${candidate.channelId}\u0001${candidate.treatmentId ?? ''}\u0001${candidate.productId ?? ''}`;
}

function profileOf(candidate: CandidateInputs): CandidateProfile {
  const { crosses: _, ...profile } = candidate;
  return profile;
}

const ROWS_AT_FIRST = 4096;

/** Collects rows one by one. */
export class DatasetBuilder {
  private readonly accountCodes = new Map<string, number>();
  private readonly profileCodes = new Map<string, number>();
  private readonly categoryCodes: Map<string, number>[];
  private readonly profiles: CandidateProfile[] = [];
  private capacity = ROWS_AT_FIRST;
  private rows = 0;
  private columns: Pick<
    Dataset,
    'numbers' | 'categories' | 'profile' | 'crosses' | 'labels' | 'at' | 'account'
  >;

  constructor(
    private readonly schema: InputSchema,
    private readonly heads: readonly string[],
  ) {
    this.categoryCodes = schema.categories.map(() => new Map());
    this.columns = this.allocate(this.capacity);
  }

  get size(): number {
    return this.rows;
  }

  add({ accountId, at, inputs, candidate, labels }: DatasetRow): void {
    if (this.rows === this.capacity) this.grow();
    const { columns, rows: row } = this;
    columns.numbers.set(inputs.numbers, row * this.schema.numbers.length);
    columns.crosses.set(candidate.crosses, row * this.schema.crosses.length);
    columns.labels.set(labels, row * this.heads.length);
    const categories = row * this.schema.categories.length;
    this.categoryCodes.forEach((codes, index) => {
      columns.categories[categories + index] = codeOf(codes, inputs.categories[index] ?? null);
    });
    columns.profile[row] = this.profileCode(candidate);
    columns.at[row] = at === null ? NaN : at.getTime();
    columns.account[row] = codeOf(this.accountCodes, accountId);
    this.rows += 1;
  }

  build(): Dataset {
    const { rows, columns, schema, heads } = this;
    return {
      schema,
      heads: [...heads],
      rows,
      numbers: columns.numbers.slice(0, rows * schema.numbers.length),
      categories: columns.categories.slice(0, rows * schema.categories.length),
      categoryValues: this.categoryCodes.map((codes) => [...codes.keys()]),
      profiles: this.profiles,
      profile: columns.profile.slice(0, rows),
      crosses: columns.crosses.slice(0, rows * schema.crosses.length),
      labels: columns.labels.slice(0, rows * heads.length),
      at: columns.at.slice(0, rows),
      account: columns.account.slice(0, rows),
      accounts: this.accountCodes.size,
    };
  }

  private profileCode(candidate: CandidateInputs): number {
    const code = codeOf(this.profileCodes, profileKey(candidate));
    if (code === this.profiles.length) this.profiles.push(profileOf(candidate));
    return code;
  }

  private allocate(rows: number): typeof this.columns {
    const { schema, heads } = this;
    return {
      numbers: new Float32Array(rows * schema.numbers.length),
      categories: new Int32Array(rows * schema.categories.length),
      profile: new Int32Array(rows),
      crosses: new Float32Array(rows * schema.crosses.length),
      labels: new Float32Array(rows * heads.length),
      at: new Float64Array(rows),
      account: new Int32Array(rows),
    };
  }

  private grow(): void {
    this.capacity *= 2;
    const larger = this.allocate(this.capacity);
    larger.numbers.set(this.columns.numbers);
    larger.categories.set(this.columns.categories);
    larger.profile.set(this.columns.profile);
    larger.crosses.set(this.columns.crosses);
    larger.labels.set(this.columns.labels);
    larger.at.set(this.columns.at);
    larger.account.set(this.columns.account);
    this.columns = larger;
  }
}

function codeOf(codes: Map<string, number>, value: string | null): number {
  if (value === null) return -1;
  const known = codes.get(value);
  if (known !== undefined) return known;
  codes.set(value, codes.size);
  return codes.size - 1;
}

/** Rows whose time lies in [from, to); rows without time are left out. */
export function rowsBetween(dataset: Dataset, from: Date | null, to: Date | null): Int32Array {
  const low = from?.getTime() ?? -Infinity;
  const high = to?.getTime() ?? Infinity;
  return Int32Array.from(
    allRows(dataset).filter((row) => {
      const at = dataset.at[row] ?? NaN;
      return at >= low && at < high;
    }),
  );
}

export function allRows(dataset: Dataset): Int32Array {
  return Int32Array.from({ length: dataset.rows }, (_, row) => row);
}

/** The account's and candidate's inputs of one row, as they were given. */
export function rowInputs(
  dataset: Dataset,
  row: number,
): { account: AccountInputs; candidate: CandidateInputs } {
  const { schema } = dataset;
  const profile = dataset.profiles[dataset.profile[row] ?? -1];
  if (!profile) throw new Error(`The dataset has no row ${row}`);
  const numbers = schema.numbers.length;
  const crosses = schema.crosses.length;
  return {
    account: {
      numbers: dataset.numbers.subarray(row * numbers, (row + 1) * numbers),
      categories: schema.categories.map(
        (_, index) =>
          dataset.categoryValues[index]?.[dataset.categories[row * schema.categories.length + index] ?? -1] ??
          null,
      ),
    },
    candidate: { ...profile, crosses: dataset.crosses.subarray(row * crosses, (row + 1) * crosses) },
  };
}
