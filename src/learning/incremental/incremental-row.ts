import type { AccountInputs } from '../../recommender/index.js';

/** One logged decision as an experiment about one outcome: was something suggested that aims at it, or nothing at all? */
export interface IncrementalRow {
  account: string;
  inputs: AccountInputs;
  outcomeId: string;
  /** `other`: something was suggested that aims at another outcome. */
  drawn: 'suggested' | 'nothing' | 'other';
  /** Logged chance of each, above 0. */
  chanceSuggested: number;
  chanceNothing: number;
  /** Propensity of what may have been suggested, averaged by its chance. */
  propensity: number;
  /** Whether the outcome came within its window, whoever brought it about: 1 or 0. */
  happened: number;
}

/** Data suffice for an outcome when the log has at least so many decisions of each kind, and outcomes among them. */
export const LEAST = { suggested: 200, nothing: 200, outcomes: 20 } as const;

/** How much the log has of one outcome. */
export interface OutcomeEvidence {
  outcomeId: string;
  suggested: number;
  nothing: number;
  outcomesSuggested: number;
  outcomesNothing: number;
  suffices: boolean;
}

/** By outcome; a catalogue is switched as a whole, so that each must suffice. */
export function evidenceOf(
  rows: readonly IncrementalRow[],
  outcomeIds: readonly string[],
): OutcomeEvidence[] {
  return outcomeIds.map((outcomeId) => {
    const own = rows.filter((row) => row.outcomeId === outcomeId);
    const count = (drawn: IncrementalRow['drawn']) => own.filter((row) => row.drawn === drawn);
    const happened = (some: readonly IncrementalRow[]) => some.reduce((sum, row) => sum + row.happened, 0);
    const [suggested, nothing] = [count('suggested'), count('nothing')];
    const [outcomesSuggested, outcomesNothing] = [happened(suggested), happened(nothing)];
    return {
      outcomeId,
      suggested: suggested.length,
      nothing: nothing.length,
      outcomesSuggested,
      outcomesNothing,
      suffices:
        suggested.length >= LEAST.suggested &&
        nothing.length >= LEAST.nothing &&
        outcomesSuggested + outcomesNothing >= LEAST.outcomes,
    };
  });
}
