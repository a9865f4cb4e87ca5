import type { AccountId, ContactId, OutcomeId } from '../catalogue/index.js';
import type { DecisionId, SuggestionId } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';

/** A business fact that somebody reported: it happened, and what it was worth. Never changed. */
export interface Outcome {
  /** The caller's own reference: a resend changes nothing. Unique within an account. */
  outcomeRef: string;
  outcomeId: OutcomeId;
  accountId: AccountId;
  contactId: ContactId | null;
  /** In the configured currency; null: the definition's. */
  value: number | null;
  occurredAt: Date;
  /** When we took it in. */
  recordedAt: Date;
  decisionId: DecisionId | null;
  suggestionId: SuggestionId | null;
}

/** The reported outcomes; those that are events stand in the event log. */
export abstract class OutcomeLog {
  /** Whether it is new; one that is known by its reference is left as it is. The account must be locked. */
  abstract append(outcome: Outcome, within: Transaction): Promise<boolean>;
  /** Of the accounts, oldest first. Accounts without any are left out. */
  abstract ofAccounts(accountIds: readonly AccountId[], until?: Date): Promise<Map<AccountId, Outcome[]>>;
  abstract find(accountId: AccountId, outcomeRef: string): Promise<Outcome | null>;
}
