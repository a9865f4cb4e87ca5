import { type AuditChain, type AuditTrail, ERASED_SUBJECT } from '../access/index.js';
import type { AccountId, ContactId } from '../catalogue/index.js';
import type { DecisionErasure } from '../recommender/index.js';
import type { Clock, Transaction, Transactions } from '../shared/index.js';
import type { AccountLocks } from './account-locks.js';

export interface ToErase {
  contactId: ContactId;
  accountId: AccountId;
}

/** Rows that were removed, by table. */
export type ErasedRows = Record<string, number>;

/** Everything that tables hold of people. */
export abstract class PersonalRecords {
  /** The accounts that hold anything of a contact: its own, and those that it left behind. */
  abstract accountsWith(one: ToErase, within: Transaction): Promise<string[]>;
  /** By which ids she, and what is about her, is named elsewhere: her own, those of her suggestions, tasks, touches, … */
  abstract namesOf(one: ToErase, accountIds: readonly string[], within: Transaction): Promise<string[]>;
  /**
   * Removes what is the contact's, and every copy that was made to tell of it: what names one of `names`. The accounts
   * are locked.
   */
  abstract erase(
    one: ToErase,
    among: { accountIds: readonly string[]; names: readonly string[] },
    within: Transaction,
  ): Promise<ErasedRows>;
}

export interface EraseContactParts {
  transactions: Transactions;
  locks: AccountLocks;
  records: PersonalRecords;
  decisions: DecisionErasure;
  chain: Pick<AuditChain, 'erase'>;
  audit: Pick<AuditTrail, 'record'>;
  invalidate: (accountIds: readonly string[], within: Transaction) => Promise<void>;
  clock: Clock;
}

export interface Erasure {
  erasedAt: Date;
  rows: ErasedRows;
}

/**
 * Forgets a person: what she did, allowed and was told, what was decided about her, and every message that tells of it,
 * sent or not. What was learned from many stays; the audit trail stays verifiable and says that somebody was erased.
 */
export class EraseContact {
  constructor(private readonly parts: EraseContactParts) {}

  run(one: ToErase, actor: string): Promise<Erasure> {
    const { transactions, locks, records, decisions, chain, audit, invalidate, clock } = this.parts;
    return transactions.run(async (within) => {
      const accountIds = (await records.accountsWith(one, within)) as AccountId[];
      await locks.lock(accountIds, within);
      const names = await records.namesOf(one, accountIds, within);
      const rows = await records.erase(one, { accountIds, names }, within);
      const decided = await decisions.forget(one.contactId, accountIds, within);
      const audited = await chain.erase(names, within);
      const all = {
        ...rows,
        ...(decided > 0 ? { decisions: decided } : {}),
        ...(audited > 0 ? { audit_entries: audited } : {}),
      };
      await invalidate(accountIds, within);
      const entry = {
        action: 'contact.erased',
        subjectKind: 'contact',
        subjectId: ERASED_SUBJECT,
        detail: all,
      };
      await audit.record([{ actor, ...entry }], within);
      return { erasedAt: clock.now(), rows: all };
    });
  }
}
