import type { AccountId, Catalogue } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import type { CarriedOut } from '../outcomes/index.js';
import type { Transaction } from '../shared/index.js';

/** What trials are made from, of one account. */
export interface AccountPast {
  accountId: AccountId;
  /** Touches and outcomes among its events, oldest first. */
  events: AccountEvent[];
  suggestions: CarriedOut[];
}

/** Reads what was suggested, done and answered lately, of many accounts at once. */
export abstract class AccountPasts {
  abstract of(
    accountIds: readonly AccountId[],
    asked: { since: Date; eventNames: readonly string[]; catalogue: Catalogue },
    within: Transaction,
  ): Promise<AccountPast[]>;
}
