import type { Transaction } from '../shared/index.js';
import type { Account, Contact } from './account.js';
import type { AccountId, ContactId, MemberId } from './ids.js';
import type { Assignment } from './team.js';

/** An account with its people, as a decision needs it. */
export interface AccountDossier {
  account: Account;
  contacts: Contact[];
  team: Assignment[];
}

/** Accounts, contacts and who looks after them. Reads of many are one query. */
export abstract class Accounts {
  /** In the order asked; unknown ids are left out. */
  abstract dossiers(accountIds: readonly AccountId[], within?: Transaction): Promise<AccountDossier[]>;
  abstract accountsOf(
    contactIds: readonly ContactId[],
    within?: Transaction,
  ): Promise<Map<ContactId, AccountId>>;
  /** Makes the missing ones, marked as stubs; known ones are left as they are. Also makes each account's state row. */
  abstract ensureStubs(
    stubs: {
      accounts: readonly { accountId: AccountId; kind: 'person' | 'company' }[];
      contacts: readonly { contactId: ContactId; accountId: AccountId }[];
    },
    within: Transaction,
  ): Promise<void>;
  /** Those of the accounts that a member looks after, in one query. */
  abstract assignedAmong(memberId: MemberId, accountIds: readonly AccountId[]): Promise<Set<AccountId>>;
  /** Account ids in order, after a cursor: for runs over all. */
  abstract idsAfter(cursor: AccountId | null, limit: number): Promise<AccountId[]>;
  abstract count(): Promise<number>;

  async isAssigned(memberId: MemberId, accountId: AccountId): Promise<boolean> {
    return (await this.assignedAmong(memberId, [accountId])).has(accountId);
  }
}
