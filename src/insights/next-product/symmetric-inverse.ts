/** Rows and columns that are worked on together: two blocks of rows fit into the second cache. */
const BLOCK = 64;
const DEPTH = 256;
/** Rows and columns of the innermost step, whose sixteen sums stay in registers. */
const TILE = 4;

/**
 * Inverse of a symmetric positive definite matrix (n × n, by rows; the lower triangle is read), in its own place:
 *   A = L Lᵀ (Cholesky),  W = L⁻ᵀ,  A⁻¹ = W Wᵀ,
 * about n³/2 multiplications, block by block so that each row is read from the cache. The answer is the whole matrix.
 * Needs a second matrix of the same size. Throws when the matrix is not positive definite.
 */
export function invertInPlace(a: Float64Array, n: number): void {
  if (a.length !== n * n) throw new Error(`a matrix of ${n} × ${n} has ${n * n} entries, not ${a.length}`);
  factorise(a, n);
  const w = inverseOfFactor(a, n);
  multiplyByOwnTransposed(w, a, n);
}

/** L into the lower triangle of A. */
function factorise(a: Float64Array, n: number): void {
  for (let left = 0; left < n; left += BLOCK) {
    const right = Math.min(n, left + BLOCK);
    for (let top = left; top < n; top += BLOCK) {
      const bottom = Math.min(n, top + BLOCK);
      addRowProducts(a, { of: a, top, bottom }, { of: a, top: left, bottom: right }, n, 0, left, -1);
      for (let row = top; row < bottom; row += 1)
        solveAgainstBlock(a, a, n, row, left, Math.min(right, row + 1));
    }
  }
}

/** Row `row` of `x` times the inverse of the transposed diagonal block of L; on the diagonal itself, L's own entry. */
function solveAgainstBlock(
  x: Float64Array,
  l: Float64Array,
  n: number,
  row: number,
  left: number,
  right: number,
): void {
  for (let column = left; column < right; column += 1) {
    let rest = x[row * n + column] ?? 0;
    for (let inner = left; inner < column; inner += 1) {
      rest -= (x[row * n + inner] ?? 0) * (l[column * n + inner] ?? 0);
    }
    if (x === l && row === column) {
      if (!(rest > 0)) throw new Error(`the matrix is not positive definite (at row ${row})`);
      x[row * n + column] = Math.sqrt(rest);
    } else {
      x[row * n + column] = rest / (l[column * n + column] ?? 1);
    }
  }
}

/** W = L⁻ᵀ, upper triangular: row j of W is column j of L⁻¹, found from left to right. */
function inverseOfFactor(l: Float64Array, n: number): Float64Array {
  const w = new Float64Array(n * n);
  for (let row = 0; row < n; row += 1) w[row * n + row] = 1;
  for (let top = 0; top < n; top += BLOCK) {
    const bottom = Math.min(n, top + BLOCK);
    for (let left = top; left < n; left += BLOCK) {
      const right = Math.min(n, left + BLOCK);
      addRowProducts(w, { of: w, top, bottom }, { of: l, top: left, bottom: right }, n, top, left, -1);
      for (let row = top; row < bottom; row += 1) solveAgainstBlock(w, l, n, row, Math.max(left, row), right);
    }
  }
  return w;
}

/** Target = W Wᵀ for an upper triangular W, both halves. */
function multiplyByOwnTransposed(w: Float64Array, target: Float64Array, n: number): void {
  target.fill(0);
  for (let top = 0; top < n; top += BLOCK) {
    const bottom = Math.min(n, top + BLOCK);
    for (let left = 0; left <= top; left += BLOCK) {
      const right = Math.min(n, left + BLOCK);
      addRowProducts(target, { of: w, top, bottom }, { of: w, top: left, bottom: right }, n, top, n, 1);
    }
  }
  for (let row = 0; row < n; row += 1) {
    for (let column = 0; column < row; column += 1) target[column * n + row] = target[row * n + column] ?? 0;
  }
}

interface Rows {
  of: Float64Array;
  top: number;
  bottom: number;
}

/** target[i, j] += sign · Σ over k in [from, to) of left[i, k] · right[j, k], for all rows i of the left, j of the right. */
function addRowProducts(
  target: Float64Array,
  left: Rows,
  right: Rows,
  n: number,
  from: number,
  to: number,
  sign: 1 | -1,
): void {
  for (let start = from; start < to; start += DEPTH) {
    const end = Math.min(to, start + DEPTH);
    for (let i = left.top; i < left.bottom; i += TILE) {
      for (let j = right.top; j < right.bottom; j += TILE) {
        if (i + TILE <= left.bottom && j + TILE <= right.bottom)
          addTile(target, left.of, right.of, n, i, j, start, end, sign);
        else addEdge(target, left, right, n, i, j, start, end, sign);
      }
    }
  }
}

/** Four rows by four; written out so that the sums are numbers, not entries of an array. */
function addTile(
  target: Float64Array,
  a: Float64Array,
  b: Float64Array,
  n: number,
  i: number,
  j: number,
  start: number,
  end: number,
  sign: 1 | -1,
): void {
  const a0 = i * n;
  const a1 = a0 + n;
  const a2 = a1 + n;
  const a3 = a2 + n;
  const b0 = j * n;
  const b1 = b0 + n;
  const b2 = b1 + n;
  const b3 = b2 + n;
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0;
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0;
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  for (let k = start; k < end; k += 1) {
    const x0 = a[a0 + k]!;
    const x1 = a[a1 + k]!;
    const x2 = a[a2 + k]!;
    const x3 = a[a3 + k]!;
    const y0 = b[b0 + k]!;
    const y1 = b[b1 + k]!;
    const y2 = b[b2 + k]!;
    const y3 = b[b3 + k]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  addFour(target, a0 + j, sign, s00, s01, s02, s03);
  addFour(target, a1 + j, sign, s10, s11, s12, s13);
  addFour(target, a2 + j, sign, s20, s21, s22, s23);
  addFour(target, a3 + j, sign, s30, s31, s32, s33);
}

function addFour(
  target: Float64Array,
  place: number,
  sign: 1 | -1,
  first: number,
  second: number,
  third: number,
  fourth: number,
): void {
  target[place] = target[place]! + sign * first;
  target[place + 1] = target[place + 1]! + sign * second;
  target[place + 2] = target[place + 2]! + sign * third;
  target[place + 3] = target[place + 3]! + sign * fourth;
}

/** What is left at the border where no whole tile fits. */
function addEdge(
  target: Float64Array,
  left: Rows,
  right: Rows,
  n: number,
  top: number,
  first: number,
  start: number,
  end: number,
  sign: 1 | -1,
): void {
  for (let i = top; i < Math.min(top + TILE, left.bottom); i += 1) {
    for (let j = first; j < Math.min(first + TILE, right.bottom); j += 1) {
      let sum = 0;
      for (let k = start; k < end; k += 1) sum += (left.of[i * n + k] ?? 0) * (right.of[j * n + k] ?? 0);
      target[i * n + j] = (target[i * n + j] ?? 0) + sign * sum;
    }
  }
}
