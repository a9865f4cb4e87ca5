import type { AccountId, Catalogue } from '../catalogue/index.js';

/** An outcome that happened to an account, whoever brought it about. */
export interface OutcomeFact {
  accountId: AccountId;
  outcomeId: string;
  at: Date;
  /** In the configured currency; where neither definition nor report says, what was offered with the touch. */
  value: number;
}

/** Outcomes of a time, of many accounts at once. */
export abstract class OutcomeFacts {
  abstract of(
    accountIds: readonly AccountId[],
    range: { from: Date; to: Date },
    catalogue: Catalogue,
  ): Promise<OutcomeFact[]>;
}
