/** Directions of largest variance of some rows, the largest first, each of length 1. */
export interface Axes {
  mean: Float64Array;
  /** One row an axis. */
  directions: Float64Array[];
  /** Variance along each. */
  variances: number[];
}

const SWEEPS = 30;
const SMALL = 1e-12;

/**
 * Principal components (Pearson, 1901) of rows × width numbers: as many as hold `share` of the variance, at most `most`.
 * Directions in which nothing differs are left out.
 */
export function principalAxes(rows: Float32Array, width: number, share: number, most: number): Axes {
  const count = width === 0 ? 0 : rows.length / width;
  const mean = new Float64Array(width);
  for (let row = 0; row < count; row += 1)
    for (let column = 0; column < width; column += 1)
      mean[column] = (mean[column] as number) + (rows[row * width + column] as number) / count;
  const { values, vectors } = eigenvectors(covariance(rows, width, mean), width);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const order = values.map((_, place) => place).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const axes: Axes = { mean, directions: [], variances: [] };
  let held = 0;
  for (const place of order) {
    const variance = values[place] ?? 0;
    if (axes.directions.length >= most || held >= share * total || variance <= SMALL * total) break;
    axes.directions.push(Float64Array.from({ length: width }, (_, row) => vectors[row * width + place] ?? 0));
    axes.variances.push(variance);
    held += variance;
  }
  return axes;
}

function covariance(rows: Float32Array, width: number, mean: Float64Array): Float64Array {
  const count = width === 0 ? 0 : rows.length / width;
  const sums = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < width; column += 1)
      centred[column] = (rows[row * width + column] as number) - (mean[column] as number);
    for (let one = 0; one < width; one += 1) {
      const value = centred[one] as number;
      if (value === 0) continue;
      for (let other = one; other < width; other += 1)
        sums[one * width + other] =
          (sums[one * width + other] as number) + value * (centred[other] as number);
    }
  }
  for (let one = 0; one < width; one += 1)
    for (let other = one; other < width; other += 1) {
      const value = (sums[one * width + other] as number) / Math.max(1, count);
      sums[one * width + other] = value;
      sums[other * width + one] = value;
    }
  return sums;
}

/** Of a symmetric matrix, by cyclic Jacobi rotations (Golub and Van Loan, 8.5); vectors are columns. */
export function eigenvectors(given: Float64Array, size: number): { values: number[]; vectors: Float64Array } {
  const matrix = Float64Array.from(given);
  const vectors = new Float64Array(size * size);
  for (let place = 0; place < size; place += 1) vectors[place * size + place] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let off = 0;
    let diagonal = 0;
    for (let row = 0; row < size; row += 1)
      for (let column = 0; column < size; column += 1) {
        const square = (matrix[row * size + column] as number) ** 2;
        if (row === column) diagonal += square;
        else off += square;
      }
    if (off <= SMALL * SMALL * diagonal) break;
    for (let p = 0; p < size; p += 1)
      for (let q = p + 1; q < size; q += 1) rotate(matrix, vectors, size, p, q);
  }
  const values = Array.from({ length: size }, (_, place) => matrix[place * size + place] ?? 0);
  return { values, vectors };
}

/** Makes the entry (p, q) zero. */
function rotate(matrix: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = matrix[p * size + q] as number;
  if (apq === 0) return;
  const theta = ((matrix[q * size + q] as number) - (matrix[p * size + p] as number)) / (2 * apq);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k += 1) {
    const left = matrix[k * size + p] as number;
    const right = matrix[k * size + q] as number;
    matrix[k * size + p] = cosine * left - sine * right;
    matrix[k * size + q] = sine * left + cosine * right;
  }
  for (let k = 0; k < size; k += 1) {
    const left = matrix[p * size + k] as number;
    const right = matrix[q * size + k] as number;
    matrix[p * size + k] = cosine * left - sine * right;
    matrix[q * size + k] = sine * left + cosine * right;
    const one = vectors[k * size + p] as number;
    const other = vectors[k * size + q] as number;
    vectors[k * size + p] = cosine * one - sine * other;
    vectors[k * size + q] = sine * one + cosine * other;
  }
}
