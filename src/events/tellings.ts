import type { AccountId, ContactId, MemberId, ProductId } from '../catalogue/index.js';
import type { EventProperties } from './event.js';

/** Something that a customer was told: by a visit, a call, a message, an answer or a quote. */
export interface Telling {
  eventId: string;
  /** Name of the event. */
  name: string;
  at: Date;
  contactId: ContactId | null;
  memberId: MemberId | null;
  channelId: string | null;
  topics: readonly string[];
  productIds: readonly ProductId[];
  properties: EventProperties;
}

/** What customers were told, by everybody. */
export abstract class Tellings {
  /** Since then, the newest first, the latest of each account. Accounts that were told nothing are left out. */
  abstract of(accountIds: readonly AccountId[], since: Date): Promise<Map<AccountId, Telling[]>>;
}
