import type { AccountId, ActionId, ChannelId, ContactId, MemberId, ProductId } from '../catalogue/index.js';
import type { HiddenTopics } from '../contact-policy/index.js';
import type { ClosingReason } from '../suggestions/index.js';

export const timelineKinds = [
  'event',
  'touch',
  'consent',
  'suggestion',
  'response',
  'outcome',
  'task',
  'alert',
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

/** Where a line stands: lines are ordered by these, each unique. */
export interface TimelinePlace {
  at: Date;
  kind: TimelineKind;
  /** The record's id, and what of it the line tells. */
  key: string;
}

/** One line of an account's history, before it is put into words. */
export interface TimelineRow extends TimelinePlace {
  recordId: string;
  /** Of the event, or what happened: a status, a state, a kind. */
  name: string;
  /** What it was about, in words of its own. */
  subject: string | null;
  state: string | null;
  text: string | null;
  channelId: ChannelId | null;
  memberId: MemberId | null;
  contactId: ContactId | null;
  actionId: ActionId | null;
  productId: ProductId | null;
  topics: string[];
  /** −1 to 1. */
  sentiment: number | null;
  conversationId: string | null;
  /** Why a suggestion no longer stands, where that was kept as a code. */
  closing: ClosingReason | null;
}

export interface TimelineQuery {
  before?: TimelinePlace;
  kinds?: readonly TimelineKind[];
  contactId?: ContactId;
  /** From this instant on. */
  from?: Date;
  /** Before this instant. */
  to?: Date;
  /** Lines about these are left out; touches and tasks stay, to be shown without their content. */
  hidden: HiddenTopics;
  limit: number;
}

/** The shared history of an account, from every table that holds a part of it. */
export abstract class TimelineRows {
  /** Newest first; one more than the limit where there are more. */
  abstract page(accountId: AccountId, query: TimelineQuery): Promise<TimelineRow[]>;
}
