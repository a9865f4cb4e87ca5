import type { AccountId, ChannelId, ContactId, ProductId, Purpose } from '../catalogue/index.js';
import type { Id, Transaction } from '../shared/index.js';

export type ConsentId = Id<'consent'>;
export type ConsentStatus = 'granted' | 'pending' | 'withdrawn';
export type ConsentSource = 'contact' | 'member' | 'import' | 'link';

/** A recorded statement, never changed. */
export interface ConsentFact {
  consentId: ConsentId;
  accountId: AccountId;
  contactId: ContactId;
  channelId: ChannelId | '*';
  purpose: Purpose | '*';
  status: ConsentStatus;
  source: ConsentSource;
  productId: ProductId | null;
  topic: string | null;
  effectiveAt: Date;
  expiresAt: Date | null;
  recordedAt: Date;
  /** Key, member or system that recorded it. */
  recordedBy: string;
  wording: string | null;
  proof: string | null;
}

/** What consent is asked about. */
export interface ConsentQuestion {
  channelId: ChannelId;
  /** The channel's own setting. */
  channelConsent: 'opt-in' | 'opt-out';
  purpose: Purpose;
  productIds: readonly ProductId[];
  topics: readonly string[];
}

export interface ConsentAnswer {
  allowed: boolean;
  because: string;
  /** When the answer may next change by facts already known; null: not before a new fact. */
  until: Date | null;
}

/** The append-only ledger. */
export abstract class ConsentLedger {
  abstract append(facts: readonly ConsentFact[], within: Transaction): Promise<void>;
  /** All facts of the accounts' contacts, oldest first by effectiveAt, then recordedAt. */
  abstract ofAccounts(
    accountIds: readonly AccountId[],
    within?: Transaction,
  ): Promise<Map<AccountId, ConsentFact[]>>;
  abstract ofContact(contactId: ContactId): Promise<ConsentFact[]>;
  /** Facts of contacts that move to another account are also kept under the new one. Both accounts are locked. */
  abstract follow(
    moves: readonly { contactId: ContactId; to: AccountId }[],
    within: Transaction,
  ): Promise<void>;
}
