import type { AccountId, ContactId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';

/** The one exception to a log in which nothing is changed. */
export abstract class DecisionErasure {
  /** Removes the decisions of these locked accounts that name a contact, or that were all about her; gives how many. */
  abstract forget(
    contactId: ContactId,
    accountIds: readonly AccountId[],
    within: Transaction,
  ): Promise<number>;
}
