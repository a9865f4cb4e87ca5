import type { AccountId } from '../catalogue/index.js';
import type { FeatureStore } from '../features/index.js';
import type { Transactions } from '../shared/index.js';

/** Accounts folded anew in one transaction, each locked until its end. */
const ACCOUNTS_AT_ONCE = 50;

/** Folds accounts anew from their logs: after a merge, an erasure, a moved contact, or under new feature definitions. */
export class RebuildAccount {
  constructor(
    private readonly transactions: Transactions,
    private readonly features: FeatureStore,
  ) {}

  /** False when there is no such account. */
  async rebuild(accountId: AccountId): Promise<boolean> {
    const rebuilt = await this.transactions.run((within) => this.features.rebuild([accountId], within));
    return rebuilt > 0;
  }

  /** All whose state is missing or of another feature set. Safe to stop and to run again; gives how many there were. */
  async rebuildOutdated(progress: (done: number) => void = () => undefined): Promise<number> {
    let done = 0;
    let after: AccountId | null = null;
    for (;;) {
      const accountIds: AccountId[] = await this.features.outdated(after, ACCOUNTS_AT_ONCE);
      const last = accountIds.at(-1);
      if (last === undefined) return done;
      done += await this.transactions.run((within) => this.features.rebuild(accountIds, within));
      progress(done);
      after = last;
    }
  }
}
