import type { AccountId, ContactId, ContactMove } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { EventId } from '../event.js';
import type { IncomingItem } from '../incoming.js';

/** Where a contact lives. */
export interface ContactHome {
  accountId: AccountId;
  /** The contact's own, else the account's. */
  timeZone: string | null;
  /** A stub person-account that only stands in until somebody says which account the contact belongs to. */
  provisional: boolean;
}

export interface Homes {
  contacts: Map<ContactId, ContactHome>;
  accounts: Map<AccountId, { timeZone: string | null }>;
}

/** Something that an unknown visitor did, kept until it is known who that was. */
export interface AnonymousItem {
  anonymousId: string;
  eventId: EventId;
  recordedAt: Date;
  recordedBy: string;
  fromBrowser: boolean;
  item: IncomingItem;
}

export interface AnonymousLink {
  anonymousId: string;
  contactId: ContactId;
}

/** Who is who. */
export abstract class IdentityStore {
  /** Unknown ids are left out. */
  abstract homes(
    contactIds: readonly ContactId[],
    accountIds: readonly AccountId[],
    within: Transaction,
  ): Promise<Homes>;
  /**
   * The contacts that these anonymous or former ids belong to, as far as they are linked. `hold` keeps the ids until
   * the transaction ends: nobody else links them or keeps items of them meanwhile.
   */
  abstract linked(
    ids: readonly string[],
    hold: boolean,
    within: Transaction,
  ): Promise<Map<string, ContactId>>;
  /** Links ids that are locked and not linked yet. Gives what was kept under them, and keeps it no longer. */
  abstract link(links: readonly AnonymousLink[], at: Date, within: Transaction): Promise<AnonymousItem[]>;
  /** Keeps items of ids that are locked and not linked. */
  abstract keep(items: readonly AnonymousItem[], within: Transaction): Promise<void>;
  /** Takes what the log, touches, threads and quotes have of the contacts along to their new, locked accounts. */
  abstract move(moves: readonly ContactMove[], within: Transaction): Promise<void>;
  /** Gives provisional contacts the account that they belong to; the accounts that stood in for it are no more. */
  abstract settle(moves: readonly ContactMove[], within: Transaction): Promise<void>;
}
