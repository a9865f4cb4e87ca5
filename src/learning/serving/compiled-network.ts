import type { AccountInputs } from '../../recommender/index.js';
import type { CandidateProfile } from '../dataset/dataset.js';
import type { Artefact } from '../training/artefact.js';
import { candidateColumns, categoryWidth, widthsOf, type EncoderWidths } from '../training/encoder.js';
import { numberWidth } from '../training/number-code.js';
import { CompiledForest } from './compiled-forest.js';
import { type CellCrosses, CrossSums } from './cross-sums.js';
import { addNumber, addProduct, numberTable, rectify, type NumberTable } from './lookup.js';

const NO_ROW = -1;

/** The account's side of the model: computed once, whatever the number of candidates. */
export interface AccountSide {
  /** Tower units before rectification, then the wide part and the forests, one a head. */
  first: Float64Array;
  tower: Float64Array;
  embedding: Float64Array;
  /** What it adds to the joint layer, bias included. */
  joint: Float64Array;
  product: Float64Array;
}

/** The candidate's side for its own head: computed once for a catalogue. */
export interface CandidateSide {
  head: number;
  joint: Float64Array;
  wide: number;
  /** Weights of the account's product embedding. */
  product: Float64Array;
  /** Its keys among those that crosses are read at. */
  codes: Int32Array;
  /** Columns of the candidate that hold one, for explanations. */
  columns: readonly { column: number; name: string }[];
}

/**
 * The forward pass of a response model on typed arrays: the same numbers as TensorFlow.js gives (see docs/adr/0001),
 * without copying a few hundred small rows in and out of another memory.
 */
export class CompiledNetwork {
  readonly heads: number;
  readonly widths: EncoderWidths;
  readonly numbers: readonly NumberTable[];
  readonly crosses: readonly NumberTable[];
  /** By category: row of `weights.account` of each value, and of rare ones. */
  readonly categories: readonly { rows: ReadonlyMap<string, number>; rare: number }[];
  /** By head: the joint layer's weights. */
  readonly headWeights: readonly Float64Array[];
  private readonly crossSums: CrossSums;
  /** One a head; none in a model without. */
  private readonly forests: readonly CompiledForest[];

  constructor(readonly artefact: Artefact) {
    const { encoder, weights, architecture } = artefact;
    this.heads = artefact.heads.length;
    this.widths = widthsOf(encoder);
    this.forests = (artefact.forests ?? []).map((forest) => new CompiledForest(forest));
    const accountWidth = architecture.tower + this.heads;
    let row = 0;
    this.numbers = encoder.numbers.map((code) => {
      const table = numberTable(code, weights.account, row, accountWidth);
      row += numberWidth(code);
      return table;
    });
    this.categories = encoder.categories.map((code) => {
      const first = row;
      row += categoryWidth(code);
      return {
        rows: new Map(code.values.map((value, index) => [value, first + index])),
        rare: code.omitted ? NO_ROW : first + code.values.length,
      };
    });
    let cross = 0;
    this.crosses = encoder.crosses.map((code) => {
      const table = numberTable(code, weights.crosses, cross, architecture.joint + this.heads);
      cross += numberWidth(code);
      return table;
    });
    const names = encoder.crosses.map(({ name }) => name);
    this.crossSums = new CrossSums(names, this.crosses, architecture.joint + this.heads);
    this.headWeights = artefact.heads.map((_, head) =>
      Float64Array.from(
        { length: architecture.joint },
        (__, unit) => weights.heads[unit * this.heads + head] ?? 0,
      ),
    );
  }

  /** Begins an account: what is remembered of the one before is not used again. */
  accountSide(inputs: AccountInputs): AccountSide {
    const { weights, architecture } = this.artefact;
    const { tower, embedding, joint, product } = architecture;
    this.crossSums.nextAccount();
    const width = tower + this.heads;
    const first = Float64Array.from(weights.accountBias);
    for (let index = 0; index < this.numbers.length; index += 1) {
      const value = inputs.numbers[index] as number;
      if (!Number.isNaN(value)) addNumber(this.numbers[index] as NumberTable, value, width, first);
    }
    for (let index = 0; index < this.categories.length; index += 1) {
      const row = this.categoryRow(index, inputs.categories[index] ?? null);
      if (row >= 0) addRow(weights.account, row, width, first);
    }
    this.forests.forEach((forest, head) => {
      first[tower + head] = (first[tower + head] as number) + forest.value(inputs);
    });
    const side: AccountSide = {
      first,
      tower: first.slice(0, tower),
      embedding: Float64Array.from(weights.embeddingBias),
      joint: Float64Array.from(weights.jointBias),
      product: new Float64Array(product),
    };
    if (tower === 0) return side;
    rectify(side.tower);
    addProduct(side.tower, weights.embedding, embedding, side.embedding);
    rectify(side.embedding);
    addProduct(side.embedding, weights.jointAccount, joint, side.joint);
    addProduct(side.embedding, weights.productAccount, product, side.product);
    return side;
  }

  /** Row of the weights that a category's value reads; −1 when it is unknown. */
  categoryRow(index: number, value: string | null): number {
    const category = this.categories[index];
    if (!category || value === null) return NO_ROW;
    return category.rows.get(value) ?? category.rare;
  }

  candidateSide(profile: CandidateProfile, head: number): CandidateSide {
    const { weights, architecture, encoder } = this.artefact;
    const { candidateTower, joint, product } = architecture;
    const columns = candidateColumns(encoder, profile);
    const width = candidateTower + this.heads;
    const sums = new Float64Array(width);
    for (const { column } of columns) addRow(weights.candidate, column, width, sums);
    const tower = Float64Array.from(weights.candidateBias, (bias, unit) =>
      Math.max(0, bias + (sums[unit] ?? 0)),
    );
    const side: CandidateSide = {
      head,
      joint: new Float64Array(joint),
      wide: sums[candidateTower + head] ?? 0,
      product: new Float64Array(product),
      codes: this.crossSums.codesOf(profile),
      columns: columns.map(({ column, field, value }) => ({ column, name: `candidate:${field}=${value}` })),
    };
    addProduct(tower, weights.jointCandidate, joint, side.joint);
    addProduct(tower, weights.productCandidate, product, side.product);
    for (let place = 0; place < product; place += 1) {
      side.product[place] =
        (side.product[place] ?? 0) * (weights.productHeads[place * this.heads + head] ?? 0);
    }
    return side;
  }

  /** Logit of a candidate's own head. `scratch` has joint + heads places. */
  logit(
    account: AccountSide,
    candidate: CandidateSide,
    crosses: Float32Array,
    scratch: Float64Array,
  ): number {
    this.jointSums(account, candidate, crosses, scratch);
    return this.logitOf(account, candidate, scratch);
  }

  /** `logit` of a variant of a catalogue, whose crosses stand in cells that variants share. */
  variantLogit(
    account: AccountSide,
    candidate: CandidateSide,
    crosses: CellCrosses,
    scratch: Float64Array,
  ): number {
    this.sidesInto(account, candidate, scratch);
    this.crossSums.addCells(candidate.codes, crosses, scratch);
    return this.logitOf(account, candidate, scratch);
  }

  private logitOf(account: AccountSide, candidate: CandidateSide, scratch: Float64Array): number {
    const { tower, joint } = this.artefact.architecture;
    const { head } = candidate;
    let logit = (account.first[tower + head] as number) + candidate.wide + (scratch[joint + head] as number);
    const headWeights = this.headWeights[head] as Float64Array;
    for (let unit = 0; unit < joint; unit += 1) {
      const value = scratch[unit] as number;
      if (value > 0) logit += value * (headWeights[unit] as number);
    }
    const { product } = account;
    for (let place = 0; place < product.length; place += 1) {
      logit += (product[place] as number) * (candidate.product[place] as number);
    }
    return logit;
  }

  /** Joint layer before rectification, then the crosses' wide part, into `scratch`. */
  jointSums(
    account: AccountSide,
    candidate: CandidateSide,
    crosses: Float32Array,
    scratch: Float64Array,
  ): void {
    this.sidesInto(account, candidate, scratch);
    this.crossSums.add(candidate.codes, crosses, scratch);
  }

  private sidesInto(account: AccountSide, candidate: CandidateSide, scratch: Float64Array): void {
    const { joint } = this.artefact.architecture;
    for (let unit = 0; unit < joint; unit += 1) {
      scratch[unit] = (account.joint[unit] as number) + (candidate.joint[unit] as number);
    }
    for (let head = 0; head < this.heads; head += 1) scratch[joint + head] = 0;
  }
}

function addRow(matrix: Float32Array, row: number, width: number, sums: Float64Array): void {
  const offset = row * width;
  for (let unit = 0; unit < width; unit += 1)
    sums[unit] = (sums[unit] as number) + (matrix[offset + unit] as number);
}
