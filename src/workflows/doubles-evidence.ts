import type { AccountId, ChannelId, ProductId } from '../catalogue/index.js';

/** What is asked for one suggestion. */
export interface EvidenceAsked {
  accountId: AccountId;
  productId: ProductId;
  channelId: ChannelId;
}

/** What doubles say for a product, with the purchases behind it as the log has them now. */
export interface DoublesSaying {
  /** Null: however it came about. */
  channelId: ChannelId | null;
  of: number;
  bought: number;
  /** In nats. */
  weight: number;
  events: readonly { eventId: string; name: string; at: Date }[];
}

export abstract class DoublesEvidenceLog {
  /** In the order asked; null where doubles say nothing, or a purchase behind it is in the log no longer. */
  abstract of(asked: readonly EvidenceAsked[]): Promise<(DoublesSaying | null)[]>;
}
