import type {
  AccountId,
  ActionId,
  ChannelId,
  ContactId,
  MemberId,
  ProductId,
  Purpose,
  Role,
} from '../../catalogue/index.js';
import type { Id } from '../../shared/index.js';

export type TouchId = Id<'touch'>;

/** Events that are touches by whatever system made them, and the kind of channel they stand for when they name none. */
export const touchEvents: Readonly<Record<string, string>> = {
  'Email Sent': 'email',
  'Message Sent': 'sms',
  'Letter Sent': 'mail',
  'Call Logged': 'call',
  'Visit Logged': 'visit',
};

/** `planned → sending → sent | failed | unknown | cancelled`; another system's touch is `sent` from the start. */
export type TouchState = 'planned' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled';

/** One outreach to a contact, by anybody. */
export interface Touch {
  touchId: TouchId;
  accountId: AccountId;
  contactId: ContactId | null;
  channelId: ChannelId;
  purpose: Purpose | null;
  actionId: ActionId | null;
  productIds: ProductId[];
  topics: string[];
  role: Role | 'automatic' | null;
  memberId: MemberId | null;
  state: TouchState;
  /** The instant it began. */
  at: Date;
}
