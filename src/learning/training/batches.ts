import type { Dataset } from '../dataset/dataset.js';
import { integerBelow, type Rng } from '../../shared/index.js';
import type { Batch, TrainingBatch } from './batch.js';
import { candidateColumns, categoryWidth, widthsOf, type Encoder } from './encoder.js';
import { numberWidth, writeNumber } from './number-code.js';
import type { Architecture } from './weights.js';

/** Encodes rows of a dataset batch by batch, so that the columns of all rows are never in memory at once. */
export class Batches {
  private readonly profiles: { column: number; identity: boolean }[][];
  private readonly categoryColumns: Int32Array[];
  private readonly widths;

  constructor(
    private readonly dataset: Dataset,
    private readonly encoder: Encoder,
  ) {
    this.widths = widthsOf(encoder);
    this.profiles = dataset.profiles.map((profile) =>
      candidateColumns(encoder, profile).map(({ column, field }) => ({
        column,
        identity: IDENTITIES.has(field),
      })),
    );
    this.categoryColumns = encoder.categories.map((code, index) =>
      Int32Array.from(dataset.categoryValues[index] ?? [], (value) => {
        const column = code.values.indexOf(value);
        return column < 0 ? code.values.length : column;
      }),
    );
  }

  /** `hidden(place)`: the candidate of that row is not named, so that the model learns to judge one it does not know. */
  encode(rows: Int32Array, hidden?: (place: number) => boolean): Batch {
    const { widths } = this;
    const batch = {
      rows: rows.length,
      account: new Float32Array(rows.length * widths.account),
      candidate: new Float32Array(rows.length * widths.candidate),
      crosses: new Float32Array(rows.length * widths.crosses),
    };
    rows.forEach((row, place) => {
      this.writeAccount(row, batch.account, place * widths.account);
      this.writeCrosses(row, batch.crosses, place * widths.crosses);
      const nameless = hidden?.(place) ?? false;
      for (const { column, identity } of this.profiles[this.dataset.profile[row] ?? -1] ?? []) {
        if (!(nameless && identity)) batch.candidate[place * widths.candidate + column] = 1;
      }
    });
    return batch;
  }

  private writeAccount(row: number, into: Float32Array, offset: number): void {
    const { dataset, encoder } = this;
    const numbers = row * encoder.numbers.length;
    let place = offset;
    encoder.numbers.forEach((code, index) => {
      writeNumber(code, dataset.numbers[numbers + index] ?? NaN, into, place);
      place += numberWidth(code);
    });
    const categories = row * encoder.categories.length;
    encoder.categories.forEach((code, index) => {
      const value = dataset.categories[categories + index] ?? -1;
      const column = this.categoryColumns[index]?.[value];
      if (column !== undefined && !code.omitted) into[place + column] = 1;
      place += categoryWidth(code);
    });
  }

  private writeCrosses(row: number, into: Float32Array, offset: number): void {
    const { dataset, encoder } = this;
    const crosses = row * encoder.crosses.length;
    let place = offset;
    encoder.crosses.forEach((code, index) => {
      writeNumber(code, dataset.crosses[crosses + index] ?? NaN, into, place);
      place += numberWidth(code);
    });
  }
}

/** Fields that name the action itself rather than its kind. */
const IDENTITIES = new Set(['action', 'treatment', 'product', 'action×channel']);

export interface Noise {
  /** Share of hidden units left out of a step. */
  dropout: number;
  /** Share of rows whose action is not named. */
  nameless: number;
}

export function trainingBatch(
  batches: Batches,
  dataset: Dataset,
  rows: Int32Array,
  architecture: Architecture,
  noise: Noise,
  rng: Rng,
): TrainingBatch {
  const heads = dataset.heads.length;
  const labels = new Float32Array(rows.length * heads);
  const observed = new Float32Array(rows.length * heads);
  rows.forEach((row, place) => {
    for (let head = 0; head < heads; head += 1) {
      const label = dataset.labels[row * heads + head] ?? NaN;
      if (Number.isNaN(label)) continue;
      labels[place * heads + head] = label;
      observed[place * heads + head] = 1;
    }
  });
  const batch = batches.encode(rows, noise.nameless > 0 ? () => rng.next() < noise.nameless : undefined);
  const keep = (units: number) => keepFactors(rows.length * units, noise.dropout, rng);
  return {
    ...batch,
    labels,
    observed,
    keep: {
      tower: keep(architecture.tower),
      embedding: keep(architecture.embedding),
      joint: keep(architecture.joint),
    },
  };
}

/** Inverted dropout (Srivastava et al., 2014): 0 with chance `dropout`, else 1 / (1 − dropout). */
function keepFactors(length: number, dropout: number, rng: Rng): Float32Array {
  if (dropout === 0) return new Float32Array(0);
  const factors = new Float32Array(length);
  const kept = 1 / (1 - dropout);
  // One draw of the generator seeds a cheap 32-bit stream (xorshift, Marsaglia 2003): a factor a draw would be slow.
  let state = integerBelow(rng, 2 ** 32 - 1) + 1;
  const border = dropout * 2 ** 32;
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    factors[index] = state >>> 0 < border ? 0 : kept;
  }
  return factors;
}
