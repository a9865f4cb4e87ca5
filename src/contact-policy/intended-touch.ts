import type {
  ActionId,
  ChannelId,
  ChannelKind,
  ContactId,
  MemberId,
  Product,
  ProductId,
  Purpose,
  Role,
} from '../catalogue/index.js';

/** A touch that somebody considers, as the contact policy needs it. */
export interface IntendedTouch {
  contactId: ContactId;
  channelId: ChannelId;
  channelKind: ChannelKind;
  channelConsent: 'opt-in' | 'opt-out';
  purpose: Purpose;
  actionId: ActionId;
  productIds: readonly ProductId[];
  topics: readonly string[];
  performedBy: Role | 'automatic';
  memberId: MemberId | null;
  /** Terms that the touch names; absent or all null: it names none. */
  offer?: OfferedTerms;
  /** Passes caps, budgets and the cool-down after a touch; nothing else. */
  mandatory: boolean;
  /** Who will see it: null is a machine or everybody. */
  viewerRole: Role | null;
  /** Availability of its products. */
  productsAvailable: readonly Pick<Product, 'productId' | 'available'>[];
}

export interface OfferedTerms {
  price: number | null;
  discount: number | null;
}

/** A window in which a touch could happen, its end excluded; both ends the same mean that instant. */
export interface TouchWindow {
  from: Date;
  to: Date;
}
