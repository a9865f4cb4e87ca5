import type { AccountInputs, InputSchema } from '../../recommender/index.js';
import { seededRng, unitHash } from '../../shared/index.js';
import { type Estimate, resampled } from '../evaluation/off-policy/intervals.js';
import { ArmResponseFitter, product } from '../uplift/arm-response.js';
import { penaltiesOf } from '../uplift/candidates.js';
import { type Design, designColumns, designOf } from '../uplift/design.js';
import type { RandomisedRows } from '../uplift/index.js';
import { evidenceOf, type IncrementalRow, type OutcomeEvidence } from './incremental-row.js';
import type { IncrementalArtefact, OutcomeEffect } from './learned-head.js';

/** What one outcome's effects rest on. */
export interface OutcomeCard extends OutcomeEvidence {
  /** Mean that a suggestion adds to the chance of the outcome, doubly robust. */
  averageEffect: Estimate;
  /** What a difference in promised effect was worth on accounts that were not fitted: 1 is what was promised. */
  slope: Estimate;
}

export interface IncrementalCard {
  decisions: number;
  accounts: number;
  outcomes: OutcomeCard[];
}

export interface LearnedIncremental {
  artefact: IncrementalArtefact;
  card: IncrementalCard;
}

const FOLDS = 5;
/** Standard deviation of a column's part in the log odds. */
const DEVIATION = 0.3;
const MOST_SLOPE = 1.5;

/**
 * The DR-learner (Kennedy, 2020) with logged chances: the response model says what follows a suggestion, a logistic
 * regression on the decisions in which nothing was drawn says what happens without, cross-fitted over accounts; the final
 * stage regresses the doubly robust scores on the difference of the two. Rows must suffice (`evidenceOf`).
 */
export function learnIncremental(
  rows: readonly IncrementalRow[],
  schema: InputSchema,
  outcomeIds: readonly string[],
): LearnedIncremental {
  const table = tableOf(rows, schema);
  const all = Int32Array.from(rows, (_, row) => row);
  const columns = designColumns(table, all, 0);
  const design = designOf(table, columns);
  const evidence = evidenceOf(rows, outcomeIds);
  const learned = evidence.map((own) => {
    const of = all.filter((row) => rows[row]?.outcomeId === own.outcomeId);
    const scored = scoredRows(rows, of, design);
    const { averageEffect, slope } = estimates(scored, own.outcomeId);
    const effect: OutcomeEffect = {
      outcomeId: own.outcomeId,
      coefficients: [...withoutSuggestion(rows, of, design)],
      average: averageEffect.value ?? 0,
      promised: scored.reduce((sum, { promised }) => sum + promised, 0) / scored.length,
      slope: Math.min(MOST_SLOPE, Math.max(0, slope.value ?? 0)),
    };
    return { effect, card: { ...own, averageEffect, slope } };
  });
  return {
    artefact: { schema, columns, outcomes: learned.map(({ effect }) => effect) },
    card: {
      decisions: rows.filter(({ outcomeId }) => outcomeId === outcomeIds[0]).length,
      accounts: new Set(rows.map(({ account }) => account)).size,
      outcomes: learned.map(({ card }) => card),
    },
  };
}

/** Inputs of the rows, column by column. */
function tableOf(rows: readonly IncrementalRow[], schema: InputSchema): RandomisedRows {
  return {
    rows: rows.length,
    arms: [],
    arm: new Int32Array(rows.length),
    outcome: Float64Array.from(rows, ({ happened }) => happened),
    numbers: schema.numbers.map((name, place) => ({
      name,
      values: Float64Array.from(rows, ({ inputs }) => inputs.numbers[place] ?? NaN),
    })),
    categories: schema.categories.map((name, place) => {
      const known = rows.map(({ inputs }: { inputs: AccountInputs }) => inputs.categories[place] ?? null);
      const values = [...new Set(known)].filter((value) => value !== null).sort();
      return { name, values, codes: Int32Array.from(known, (value) => values.indexOf(value ?? '')) };
    }),
  };
}

/** Coefficients of the log odds of the outcome among the rows in which nothing was drawn. */
function withoutSuggestion(rows: readonly IncrementalRow[], of: Int32Array, design: Design): Float64Array {
  const task = {
    design,
    arm: new Int32Array(rows.length),
    outcome: Float64Array.from(rows, ({ happened }) => happened),
    arms: 1,
    train: of.filter((row) => rows[row]?.drawn === 'nothing'),
  };
  const fitted = new ArmResponseFitter(task, 'logistic').fit(penaltiesOf(design.width, DEVIATION, DEVIATION));
  return fitted.coefficients[0] ?? new Float64Array(design.width);
}

interface ScoredRow {
  account: string;
  promised: number;
  score: number;
}

/** Doubly robust score of each row beside the effect that is promised for it, by a fit that did not see its account. */
function scoredRows(rows: readonly IncrementalRow[], of: Int32Array, design: Design): ScoredRow[] {
  const fold = of.map((row) => Math.floor(unitHash(`incremental:${rows[row]?.account}`) * FOLDS));
  const scored: ScoredRow[] = [];
  for (let held = 0; held < FOLDS; held += 1) {
    const coefficients = withoutSuggestion(
      rows,
      of.filter((_, place) => fold[place] !== held),
      design,
    );
    of.forEach((row, place) => {
      const one = rows[row];
      if (!one || fold[place] !== held) return;
      const without = 1 / (1 + Math.exp(-product(design, row, coefficients)));
      const promised = one.propensity - without;
      const correction =
        one.drawn === 'suggested'
          ? (one.happened - one.propensity) / one.chanceSuggested
          : one.drawn === 'nothing'
            ? -(one.happened - without) / one.chanceNothing
            : 0;
      scored.push({ account: one.account, promised, score: promised + correction });
    });
  }
  return scored;
}

/** Count, Σ promised, Σ score, Σ promised², Σ promised × score, an account each. */
const SUMS = 5;

function estimates(
  scored: readonly ScoredRow[],
  outcomeId: string,
): { averageEffect: Estimate; slope: Estimate } {
  const places = new Map<string, number>();
  for (const { account } of scored) if (!places.has(account)) places.set(account, places.size);
  const sums = new Float64Array(places.size * SUMS);
  for (const { account, promised, score } of scored) {
    const from = (places.get(account) ?? 0) * SUMS;
    [1, promised, score, promised * promised, promised * score].forEach((value, place) => {
      sums[from + place] = (sums[from + place] as number) + value;
    });
  }
  const [averageEffect, slope] = resampled(
    { width: SUMS, sums },
    [
      ([count = NaN, , score = NaN]) => score / count,
      ([count = NaN, promised = NaN, score = NaN, squares = NaN, both = NaN]) =>
        (both - (promised * score) / count) / (squares - promised ** 2 / count),
    ],
    seededRng(`incremental:${outcomeId}`),
  );
  if (!averageEffect || !slope) throw new Error('Both are always estimated');
  return { averageEffect, slope };
}
