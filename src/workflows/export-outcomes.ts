import type { Catalogue } from '../catalogue/index.js';
import type { DecisionOutcome } from '../learning/index.js';
import type { Decision } from '../recommender/index.js';

/** What came of logged decisions. */
export abstract class DecisionOutcomes {
  /** By decision id. Decisions of a run that never came before anybody are left out. */
  abstract of(
    decisions: readonly Decision[],
    catalogue: Catalogue,
    at: Date,
  ): Promise<ReadonlyMap<string, DecisionOutcome>>;
}
