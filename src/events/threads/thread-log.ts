import type { AccountId, ContactId, ProductId } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import type { EventId } from '../event.js';
import type { ThreadKind } from '../vocabulary.js';

/** One statement about a conversation, a complaint or the open next step of a visit: it opened, or it closed. */
export interface ThreadChange {
  accountId: AccountId;
  conversationId: string;
  kind: ThreadKind;
  contactId: ContactId | null;
  topics: string[];
  openedAt: Date | null;
  closedAt: Date | null;
}

/** Something open, or closed lately, that silences others while it is open. */
export interface Thread {
  accountId: AccountId;
  conversationId: string;
  kind: ThreadKind;
  /** Whom it names; empty when it concerns the account as a whole. */
  contactIds: ContactId[];
  topics: string[];
  openedAt: Date;
  closedAt: Date | null;
}

/** A price or discount that was told to the account. */
export interface GivenQuote {
  accountId: AccountId;
  productId: ProductId;
  eventId: EventId;
  contactId: ContactId | null;
  /** Per unit, in the product's currency. */
  price: number | null;
  discount: number | null;
  quotedAt: Date;
  validUntil: Date | null;
}

/** Open threads and quotes: what conversation holds and offer locks read. */
export abstract class ThreadLog {
  /** Whatever the order of the changes, the result is the same. The accounts must be locked. */
  abstract apply(changes: readonly ThreadChange[], within: Transaction): Promise<void>;
  /** A quote that is known already stays as it is. The accounts must be locked. */
  abstract quote(quotes: readonly GivenQuote[], within: Transaction): Promise<void>;
  /** Threads of the accounts that are open at a time, oldest first. */
  abstract openAt(
    accountIds: readonly AccountId[],
    at: Date,
    within?: Transaction,
  ): Promise<Map<AccountId, Thread[]>>;
  /** Quotes given since then, or still valid at then; oldest first. */
  abstract quotesSince(
    accountIds: readonly AccountId[],
    from: Date,
    within?: Transaction,
  ): Promise<Map<AccountId, GivenQuote[]>>;
}
