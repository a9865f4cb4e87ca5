/**
 * Small symmetric matrices of size n as their lower triangle, row by row: n (n + 1) / 2 numbers, [a11, a21, a22, a31, …].
 */
export type Symmetric = Float64Array;

export function triangleLength(size: number): number {
  return (size * (size + 1)) / 2;
}

/** Adds factor × v vᵀ in place. */
export function addOuter(matrix: Symmetric, vector: ArrayLike<number>, factor: number, offset = 0): void {
  let place = offset;
  for (let row = 0; row < vector.length; row += 1) {
    const scaled = factor * (vector[row] as number);
    for (let column = 0; column <= row; column += 1, place += 1)
      matrix[place] = (matrix[place] as number) + scaled * (vector[column] as number);
  }
}

/** Lower Cholesky factor L with A = L Lᵀ. Throws when A is not positive definite. */
export function cholesky(matrix: Symmetric, size: number): Symmetric {
  const factor = new Float64Array(matrix.length);
  for (let row = 0; row < size; row += 1) {
    const own = triangleLength(row);
    for (let column = 0; column <= row; column += 1) {
      const other = triangleLength(column);
      let sum = matrix[own + column] as number;
      for (let k = 0; k < column; k += 1) sum -= (factor[own + k] as number) * (factor[other + k] as number);
      if (column < row) factor[own + column] = sum / (factor[other + column] as number);
      else if (sum > 0) factor[own + row] = Math.sqrt(sum);
      else throw new Error('The matrix is not positive definite');
    }
  }
  return factor;
}

/** x with A x = b, from the Cholesky factor of A. */
export function solve(factor: Symmetric, b: ArrayLike<number>): Float64Array {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let row = 0; row < size; row += 1) {
    const own = triangleLength(row);
    let sum = x[row] as number;
    for (let k = 0; k < row; k += 1) sum -= (factor[own + k] as number) * (x[k] as number);
    x[row] = sum / (factor[own + row] as number);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = x[row] as number;
    for (let k = row + 1; k < size; k += 1)
      sum -= (factor[triangleLength(k) + row] as number) * (x[k] as number);
    x[row] = sum / (factor[triangleLength(row) + row] as number);
  }
  return x;
}
