import {
  type AccountInputs,
  IncrementalHead,
  type InputSchema,
  schemaDigest,
  type ScoringCase,
} from '../../recommender/index.js';
import type { DesignColumn } from '../uplift/index.js';

/** What one outcome does without a suggestion, and how the difference that propensities promise is to be believed. */
export interface OutcomeEffect {
  outcomeId: string;
  /** Log odds of the outcome where nothing is suggested, over the columns; the intercept first. */
  coefficients: number[];
  /** Mean effect by the doubly robust scores, and mean of the promised ones. */
  average: number;
  promised: number;
  /** What a difference in promised effect was worth (best linear predictor). */
  slope: number;
}

/** The head as plain data: kept as JSON. */
export interface IncrementalArtefact {
  schema: InputSchema;
  columns: DesignColumn[];
  outcomes: OutcomeEffect[];
}

/**
 * Effect of a candidate: average + slope × (promised − mean promised), promised = propensity − chance without a
 * suggestion. An outcome that was not learned takes part at the mean ratio of effect to propensity of the others.
 */
export class LearnedIncrementalHead extends IncrementalHead {
  private readonly digest: string;
  private readonly read: ((inputs: AccountInputs) => number)[];
  private readonly byOutcome: ReadonlyMap<string, OutcomeEffect>;

  constructor(
    readonly artefact: IncrementalArtefact,
    readonly version: string,
  ) {
    super();
    this.digest = schemaDigest(artefact.schema);
    this.read = artefact.columns.map((column) => inputReader(column, artefact.schema));
    this.byOutcome = new Map(artefact.outcomes.map((outcome) => [outcome.outcomeId, outcome]));
  }

  reads(schema: InputSchema | null): boolean {
    return schema !== null && schemaDigest(schema) === this.digest;
  }

  effects({ account, candidates }: ScoringCase, propensities: Float32Array): Float32Array {
    const inputs = this.read.map((column) => column(account));
    const without = new Map<string, number>();
    return Float32Array.from(candidates, ({ outcomeId }, place) => {
      const propensity = propensities[place] as number;
      const effect = this.byOutcome.get(outcomeId);
      if (!effect) return propensity * this.usualRatio();
      let chance = without.get(outcomeId);
      if (chance === undefined) without.set(outcomeId, (chance = chanceOf(effect, inputs)));
      return effect.average + effect.slope * (propensity - chance - effect.promised);
    });
  }

  /** Chance of the outcome where nothing is suggested; null where it was not learned. */
  withoutSuggestion(account: AccountInputs, outcomeId: string): number | null {
    const effect = this.byOutcome.get(outcomeId);
    return effect
      ? chanceOf(
          effect,
          this.read.map((column) => column(account)),
        )
      : null;
  }

  private usualRatio(): number {
    const ratios = this.artefact.outcomes.map(({ average, promised }) =>
      promised > 0 ? Math.max(0, Math.min(1, average / promised)) : 0,
    );
    return ratios.reduce((sum, ratio) => sum + ratio, 0) / Math.max(1, ratios.length);
  }
}

function chanceOf({ coefficients }: OutcomeEffect, inputs: readonly number[]): number {
  let sum = coefficients[0] ?? 0;
  for (let place = 0; place < inputs.length; place += 1)
    sum += (inputs[place] as number) * (coefficients[place + 1] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

/** A column of the design, read from the inputs of one account. */
function inputReader(column: DesignColumn, schema: InputSchema): (inputs: AccountInputs) => number {
  const { centre, spread } = column;
  if (column.kind === 'category') {
    const place = schema.categories.indexOf(column.name);
    return ({ categories }) => ((categories[place] === column.value ? 1 : 0) - centre) / spread;
  }
  const place = schema.numbers.indexOf(column.name);
  if (column.kind === 'missing')
    return ({ numbers }) => ((Number.isNaN(numbers[place] ?? NaN) ? 1 : 0) - centre) / spread;
  const { mean } = column;
  const shape =
    column.kind === 'number'
      ? (value: number) => value
      : (value: number) => Math.min(1, Math.max(0, (value - column.from) / (column.to - column.from)));
  return ({ numbers }) => {
    const value = numbers[place] ?? NaN;
    return (shape(Number.isNaN(value) ? mean : value) - centre) / spread;
  };
}
