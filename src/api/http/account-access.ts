import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import { type AccountId, Accounts, type ContactId, type MemberId } from '../../catalogue/index.js';
import { unknownId } from './problem.js';

/** Roles that see every account; the others see those they are assigned to. */
const SEES_ALL = new Set(['sales-manager', 'compliance', 'data-scientist', 'admin']);

/** A caller bound to a team member acts with that member's role and sees that member's accounts. */
@Injectable()
export class AccountAccess {
  constructor(private readonly accounts: Accounts) {}

  /** The member whose accounts are all that the caller sees; null: sees all. */
  limitedTo(caller: Caller): MemberId | null {
    if (caller.memberId === null || SEES_ALL.has(caller.role ?? '')) return null;
    return caller.memberId as MemberId;
  }

  /** 404 rather than 403: that an account exists is not told either. */
  async ensureSees(caller: Caller, accountId: AccountId): Promise<void> {
    await this.ensureSeesAll(caller, [accountId]);
  }

  /** For many accounts in one query: the first that the caller may not see is 404. */
  async ensureSeesAll(caller: Caller, accountIds: readonly AccountId[]): Promise<void> {
    const member = this.limitedTo(caller);
    if (member === null) return;
    const assigned = await this.accounts.assignedAmong(member, accountIds);
    const hidden = accountIds.find((accountId) => !assigned.has(accountId));
    if (hidden !== undefined) throw unknownId('account', hidden);
  }

  /**
   * What was looked for by its id, when the caller may see its account. Else 404 as for what is not there: neither that
   * it exists nor whose it is is told.
   */
  async found<Found>(
    caller: Caller,
    { kind, id }: { kind: string; id: string },
    record: Found | null,
    accountOf: (record: Found) => AccountId,
  ): Promise<Found> {
    if (record === null) throw unknownId(kind, id);
    const member = this.limitedTo(caller);
    if (member !== null && !(await this.accounts.isAssigned(member, accountOf(record))))
      throw unknownId(kind, id);
    return record;
  }

  /** Account of a contact that the caller may see. */
  async accountOf(caller: Caller, contactId: ContactId): Promise<AccountId> {
    const accountId = (await this.accounts.accountsOf([contactId])).get(contactId);
    return this.found(caller, { kind: 'contact', id: contactId }, accountId ?? null, (id) => id);
  }
}
