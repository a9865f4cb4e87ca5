import { cholesky, solve, triangleLength } from './symmetric.js';
import type { Design } from './design.js';

/** What an arm's outcome is, as a function of the design: σ(xᵀ(β + δ)) for yes and no, xᵀ(β + δ) for amounts. */
export type Link = 'logistic' | 'linear';

export interface ArmResponse {
  link: Link;
  /** One a arm, the control first: β, and β + δ of the others. */
  coefficients: Float64Array[];
}

/** Ridge penalties, one a column: on what all arms have in common (β) and on what an arm adds to it (δ). */
export interface Penalties {
  common: Float64Array;
  added: Float64Array;
}

export interface ArmRows {
  design: Design;
  arm: Int32Array;
  outcome: Float64Array;
  arms: number;
  train: Int32Array;
}

const MOST_STEPS = 60;
/** Steps in which curvature is computed anew; from then on that of the step before is near enough. */
const FRESH_STEPS = 4;
/** Where steps have not become small by then, curvature is computed again. */
const SLOW_STEPS = 12;
const CLOSE = 1e-3;
const SMALLEST_WEIGHT = 1e-6;

/**
 * Outcome by arm with shared coefficients and penalised differences,
 *   max Σ log P(y | xᵀ(β + δ_arm)) − ½ Σ common β² − ½ Σ added δ²,   δ_control = 0,
 * by Newton's method. Fits with other penalties on the same rows begin where the one before ended and keep its curvature
 * (which hardly differs): only gradients are computed again, which is a tenth of the work. `near` are coefficients that
 * lie close to the answer.
 */
export class ArmResponseFitter {
  private readonly groups: readonly Int32Array[];
  private informations: Float64Array[] | null = null;
  private coefficients: Float64Array[];

  constructor(
    private readonly rows: ArmRows,
    private readonly link: Link,
    private readonly near?: ArmResponse,
  ) {
    this.groups = byArm(rows);
    this.coefficients = this.groups.map((_, arm) => {
      const own = new Float64Array(rows.design.width);
      own.set(near?.coefficients[arm] ?? []);
      return own;
    });
  }

  fit(penalties: Penalties): ArmResponse {
    const fresh = this.informations === null && !this.near ? FRESH_STEPS : 1;
    let factor: Float64Array | null = null;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const anew: boolean =
        this.informations === null ||
        (this.link === 'logistic' && step > 0 && (step < fresh || step % SLOW_STEPS === 0));
      if (anew) {
        this.informations = this.groups.map((own, arm) =>
          informationOf(this.rows, own, this.coefficients[arm] as Float64Array, this.link),
        );
        factor = null;
      }
      factor ??= factorOf(this.informations ?? [], penalties);
      if (this.step(factor, penalties) < CLOSE) break;
    }
    return { link: this.link, coefficients: this.coefficients.map((own) => Float64Array.from(own)) };
  }

  /** Gives the largest change of a coefficient. */
  private step(factor: Float64Array, penalties: Penalties): number {
    const { width } = this.rows.design;
    const gradients = this.groups.map((own, arm) =>
      gradientOf(this.rows, own, this.coefficients[arm] as Float64Array, this.link),
    );
    const change = solve(factor, penalised(gradients, this.coefficients, penalties));
    let furthest = 0;
    this.coefficients.forEach((own, arm) => {
      for (let column = 0; column < width; column += 1) {
        const common = change[column] as number;
        const added = arm === 0 ? 0 : (change[arm * width + column] as number);
        own[column] = (own[column] as number) + common + added;
        furthest = Math.max(furthest, Math.abs(common), Math.abs(added));
      }
    });
    return furthest;
  }
}

export function fitArmResponse(
  rows: ArmRows,
  link: Link,
  penalties: Penalties,
  near?: ArmResponse,
): ArmResponse {
  return new ArmResponseFitter(rows, link, near).fit(penalties);
}

/** Expected outcome of one row under each arm, into `into`. */
export function respond(
  { link, coefficients }: ArmResponse,
  design: Design,
  row: number,
  into: Float64Array,
): void {
  for (let arm = 0; arm < coefficients.length; arm += 1) {
    const value = product(design, row, coefficients[arm] as Float64Array);
    into[arm] = link === 'linear' ? value : 1 / (1 + Math.exp(-value));
  }
}

export function product({ width, values }: Design, row: number, coefficients: Float64Array): number {
  let sum = 0;
  const from = row * width;
  for (let column = 0; column < width; column += 1)
    sum += (values[from + column] as number) * (coefficients[column] as number);
  return sum;
}

function byArm({ arm, arms, train }: ArmRows): Int32Array[] {
  return Array.from({ length: arms }, (_, wanted) => train.filter((row) => arm[row] === wanted));
}

/** Σ (y − μ) x. */
function gradientOf(
  { design, outcome }: ArmRows,
  own: Int32Array,
  coefficients: Float64Array,
  link: Link,
): Float64Array {
  const { width, values } = design;
  const gradient = new Float64Array(width);
  for (let index = 0; index < own.length; index += 1) {
    const row = own[index] as number;
    const residual = (outcome[row] as number) - meanAt(product(design, row, coefficients), link);
    const from = row * width;
    for (let column = 0; column < width; column += 1)
      gradient[column] = (gradient[column] as number) + residual * (values[from + column] as number);
  }
  return gradient;
}

/** Σ w x xᵀ, lower triangle; w = μ (1 − μ) for yes and no, 1 for amounts. */
function informationOf(
  { design }: ArmRows,
  own: Int32Array,
  coefficients: Float64Array,
  link: Link,
): Float64Array {
  const { width, values } = design;
  const information = new Float64Array(triangleLength(width));
  for (let index = 0; index < own.length; index += 1) {
    const row = own[index] as number;
    const mean = meanAt(product(design, row, coefficients), link);
    const weight = link === 'linear' ? 1 : Math.max(SMALLEST_WEIGHT, mean * (1 - mean));
    const from = row * width;
    let place = 0;
    for (let column = 0; column < width; column += 1) {
      const scaled = weight * (values[from + column] as number);
      for (let other = 0; other <= column; other += 1, place += 1)
        information[place] = (information[place] as number) + scaled * (values[from + other] as number);
    }
  }
  return information;
}

function meanAt(linear: number, link: Link): number {
  return link === 'linear' ? linear : 1 / (1 + Math.exp(-linear));
}

/** Gradient of the penalised fit by (β, δ₁, δ₂, …). */
function penalised(
  gradients: readonly Float64Array[],
  coefficients: readonly Float64Array[],
  { common, added }: Penalties,
): Float64Array {
  const width = common.length;
  const gradient = new Float64Array(width * gradients.length);
  const control = coefficients[0] as Float64Array;
  gradients.forEach((part, arm) => {
    const own = coefficients[arm] as Float64Array;
    for (let column = 0; column < width; column += 1) {
      const value = part[column] as number;
      const ofControl = control[column] as number;
      gradient[column] = (gradient[column] as number) + value;
      if (arm > 0)
        gradient[arm * width + column] =
          value - (added[column] as number) * ((own[column] as number) - ofControl);
      else gradient[column] = (gradient[column] as number) - (common[column] as number) * ofControl;
    }
  });
  return gradient;
}

const NEVER_SINGULAR = 1e-8;

/** Factor of the information on (β, δ₁, δ₂, …): the arms' own blocks stand on its diagonal and in its first column. */
function factorOf(informations: readonly Float64Array[], { common, added }: Penalties): Float64Array {
  const width = common.length;
  const size = width * informations.length;
  const matrix = new Float64Array(triangleLength(size));
  informations.forEach((own, arm) => {
    addBlock(matrix, own, width, 0, 0);
    if (arm === 0) return;
    addBlock(matrix, own, width, arm, arm);
    addBlock(matrix, own, width, arm, 0);
  });
  for (let place = 0; place < size; place += 1) {
    const penalty = place < width ? common[place] : added[place % width];
    const at = triangleLength(place) + place;
    matrix[at] = (matrix[at] as number) + (penalty as number) + NEVER_SINGULAR;
  }
  return cholesky(matrix, size);
}

/** Adds a symmetric block at (rowBlock, columnBlock) of the lower triangle. */
function addBlock(
  matrix: Float64Array,
  block: Float64Array,
  width: number,
  rowBlock: number,
  columnBlock: number,
): void {
  for (let row = 0; row < width; row += 1) {
    const at = triangleLength(rowBlock * width + row) + columnBlock * width;
    const last = rowBlock === columnBlock ? row : width - 1;
    for (let column = 0; column <= last; column += 1) {
      const value = column <= row ? block[triangleLength(row) + column] : block[triangleLength(column) + row];
      matrix[at + column] = (matrix[at + column] as number) + (value as number);
    }
  }
}
