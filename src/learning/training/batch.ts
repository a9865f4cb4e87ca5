/** Rows as the network reads them, each matrix row by row. */
export interface Batch {
  rows: number;
  account: Float32Array;
  candidate: Float32Array;
  crosses: Float32Array;
}

/** Rows to learn from. */
export interface TrainingBatch extends Batch {
  /** rows × heads, 0 or 1; whatever stands where `observed` is 0 does not count. */
  labels: Float32Array;
  observed: Float32Array;
  /** Factors of the hidden units, 0 for dropped ones; empty without dropout. */
  keep: { tower: Float32Array; embedding: Float32Array; joint: Float32Array };
}
