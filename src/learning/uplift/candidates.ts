import { addOuter, cholesky, solve, triangleLength } from './symmetric.js';
import {
  type ArmResponse,
  ArmResponseFitter,
  fitArmResponse,
  type Link,
  type Penalties,
  product,
} from './arm-response.js';
import { type Design, withColumn } from './design.js';
import { armRows, type Scores, scoredEffect } from './doubly-robust.js';
import { deviationOf, type RandomisedRows } from './randomised-rows.js';
import type { UpliftSettings } from './settings.js';

/** A way to estimate effects, fitted: the effect of an arm is its response less the control's. */
export interface Candidate {
  /** Which family, on which design, and how far it may lie from its prior. */
  name: string;
  /** Place of its design in `settings.stretches`. */
  design: number;
  response: ArmResponse;
}

export interface CandidateTask {
  data: RandomisedRows;
  designs: readonly Design[];
  link: Link;
  train: Int32Array;
  /** Cross-fitted scores of the training rows at least. */
  scores: Scores;
  settings: UpliftSettings;
}

/**
 * All candidates on the same training rows. They differ in what an effect is drawn to where the data say little:
 * - `response`: the same odds ratio for everybody (a model of each arm's outcome with penalised differences);
 * - `final`: the same difference for everybody (the DR-learner's linear final stage, Kennedy, 2020);
 * - each also `by risk`: an effect that goes with the risk without treatment (Kent et al., 2018).
 */
export function fitCandidates(task: CandidateTask): Candidate[] {
  return task.settings.stretches.flatMap((stretches, place) => {
    const design = task.designs[place] as Design;
    const risk = riskOf(task, design);
    const wider = withColumn(design, risk.values);
    const fitted = [
      ...responses(task, design, risk, `response:${stretches}`),
      ...responses(task, wider, risk, `response by risk:${stretches}`),
      ...finals(task, design, risk, `final:${stretches}`),
      ...finals(task, wider, risk, `final by risk:${stretches}`),
    ];
    return fitted.map((one) => ({ ...one, design: place }));
  });
}

/** Effect of an arm (1 …) on one row. */
export function effectOf(candidate: Candidate, designs: readonly Design[], row: number, arm: number): number {
  const { link, coefficients } = candidate.response;
  const design = designs[candidate.design] as Design;
  const treated = product(design, row, coefficients[arm] as Float64Array);
  const control = product(design, row, coefficients[0] as Float64Array);
  if (link === 'linear') return treated - control;
  return 1 / (1 + Math.exp(-treated)) - 1 / (1 + Math.exp(-control));
}

type Fitted = Omit<Candidate, 'design'>;

/** Penalty on a column that a model does not read. */
const NEVER = 1e9;

/** The intercept is free. */
export function penaltiesOf(width: number, commonDeviation: number, addedDeviation: number): Penalties {
  const common = new Float64Array(width).fill(commonDeviation ** -2);
  const added = new Float64Array(width).fill(addedDeviation ** -2);
  common[0] = 0;
  added[0] = 0;
  return { common, added };
}

interface Risk {
  /** The fit that it comes from. */
  response: ArmResponse;
  /** Over the design's columns, on a common scale. */
  coefficients: Float64Array;
  values: Float64Array;
}

/** Linear predictor of the outcome without treatment, where the arms differ by a constant only. */
function riskOf({ data, link, train, settings }: CandidateTask, design: Design): Risk {
  const alike = penaltiesOf(design.width, settings.commonDeviation, NEVER ** -0.5);
  const response = fitArmResponse(armRows(data, design, train), link, alike);
  const own = Float64Array.from(response.coefficients[0] as Float64Array);
  own[0] = 0;
  const values = Float64Array.from({ length: data.rows }, (_, row) => product(design, row, own));
  const spread = deviationOf(Float64Array.from(train, (row) => values[row] as number)) || 1;
  return {
    response,
    coefficients: own.map((value) => value / spread),
    values: values.map((value) => value / spread),
  };
}

function spreadOf({ outcome }: RandomisedRows, train: Int32Array): number {
  return deviationOf(Float64Array.from(train, (row) => outcome[row] as number)) || 1;
}

function responses(task: CandidateTask, design: Design, risk: Risk, name: string): Fitted[] {
  const { data, link, train, settings } = task;
  const fitter = new ArmResponseFitter(armRows(data, design, train), link, risk.response);
  return settings.addedDeviations.map((deviation) => {
    const penalties = penaltiesOf(design.width, settings.commonDeviation, deviation);
    if (readsRisk(design, risk)) {
      penalties.common[design.width - 1] = NEVER;
      penalties.added[design.width - 1] = settings.riskDeviation ** -2;
    }
    const fitted = fitter.fit(penalties);
    const coefficients = fitted.coefficients.map((own) => unfolded(own, risk));
    return { name: `${name}:${deviation}`, response: { link, coefficients } };
  });
}

/** Ridge regression of the scored effects on the design, one an arm. */
function finals(task: CandidateTask, design: Design, risk: Risk, name: string): Fitted[] {
  const { data, train, scores, settings } = task;
  const { moments, products } = momentsOf(task, design);
  const spread = spreadOf(data, train);
  const noises = products.map((_, arm) =>
    deviationOf(Float64Array.from(train, (row) => scoredEffect(scores, row, arm))),
  );
  return settings.effectDeviations.map((deviation): Fitted => {
    const coefficients = products.map((own, arm) => {
      if (arm === 0) return unfolded(own, risk);
      const penalty = (of: number) => ((noises[arm] as number) / (of * spread)) ** 2;
      const along = readsRisk(design, risk) ? penalty(settings.riskDeviation) : null;
      return unfolded(ridge(moments, own, penalty(deviation), along), risk);
    });
    return { name: `${name}:${deviation}`, response: { link: 'linear', coefficients } };
  });
}

/** Σ x xᵀ, and Σ x times the scored effect of each arm (zero for the control). */
function momentsOf({ data, train, scores }: CandidateTask, { width, values }: Design) {
  const moments = new Float64Array(triangleLength(width));
  const products = data.arms.map(() => new Float64Array(width));
  for (const row of train) {
    const inputs = values.subarray(row * width, (row + 1) * width);
    addOuter(moments, inputs, 1);
    for (let arm = 1; arm < products.length; arm += 1) {
      const effect = scoredEffect(scores, row, arm);
      const own = products[arm] as Float64Array;
      for (let column = 0; column < width; column += 1)
        own[column] = (own[column] as number) + effect * (inputs[column] as number);
    }
  }
  return { moments, products };
}

function ridge(
  moments: Float64Array,
  products: Float64Array,
  penalty: number,
  last: number | null,
): Float64Array {
  const width = products.length;
  const matrix = Float64Array.from(moments);
  for (let column = 1; column < width; column += 1) {
    const at = triangleLength(column) + column;
    matrix[at] = (matrix[at] as number) + (last !== null && column === width - 1 ? last : penalty);
  }
  return solve(cholesky(matrix, width), products);
}

/** Whether the risk is the design's last column. */
function readsRisk({ width }: Design, risk: Risk): boolean {
  return width > risk.coefficients.length;
}

/** The risk is itself a sum over the columns: its coefficient is given to them. */
function unfolded(coefficients: Float64Array, risk: Risk): Float64Array {
  if (coefficients.length === risk.coefficients.length) return coefficients;
  const along = coefficients[coefficients.length - 1] as number;
  return risk.coefficients.map((value, column) => (coefficients[column] as number) + along * value);
}
