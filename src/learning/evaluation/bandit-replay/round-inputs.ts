import type { AccountInputs, InputSchema } from '../../../recommender/index.js';
import type { LoggedRound } from './logged-round.js';

/** Rounds by which numbers are put on a common scale: their features only, of the beginning of the log. */
const SCALED_BY = 200;
const FURTHEST = 5;

interface Scale {
  centre: number;
  spread: number;
}

/** Reads rounds as the head reads accounts, each number in standard deviations from its mean. */
export class RoundInputs {
  readonly schema: InputSchema;
  private readonly scales: readonly Scale[];

  constructor(rounds: readonly LoggedRound[]) {
    const first = rounds.slice(0, SCALED_BY);
    const numbers = first[0]?.numbers ?? [];
    const categories = first[0]?.categories ?? [];
    this.scales = numbers.map((_, column) =>
      scaleOf(first.map((round) => round.numbers[column] as number).filter(Number.isFinite)),
    );
    this.schema = {
      featureSet: 'bandit-replay',
      numbers: numbers.map((_, column) => `number ${column}`),
      categories: categories.map((_, column) => `category ${column}`),
      crosses: [],
    };
  }

  of({ numbers, categories }: LoggedRound): AccountInputs {
    return {
      numbers: Float32Array.from(this.scales, ({ centre, spread }, column) => {
        const value = ((numbers[column] as number) - centre) / spread;
        return Math.max(-FURTHEST, Math.min(FURTHEST, value));
      }),
      categories,
    };
  }
}

function scaleOf(values: readonly number[]): Scale {
  const centre = mean(values);
  return { centre, spread: Math.sqrt(mean(values.map((value) => (value - centre) ** 2))) || 1 };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
