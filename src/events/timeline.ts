import type { AccountId, ChannelId, ContactId, MemberId } from '../catalogue/index.js';

/** One line of an account's history. */
export interface TimelineItem {
  at: Date;
  kind: 'event' | 'touch';
  title: string;
  channelId: ChannelId | null;
  memberId: MemberId | null;
  contactId: ContactId | null;
  topics: string[];
  /** −1 to 1. */
  sentiment: number | null;
  conversationId: string | null;
  /** Id of the event, or of the touch where no event tells of it. */
  eventId: string;
}

/** The shared history of an account. */
export abstract class Timeline {
  /** Newest first. */
  abstract page(
    accountId: AccountId,
    query: { before?: { at: Date; eventId: string }; limit: number },
  ): Promise<TimelineItem[]>;
}
