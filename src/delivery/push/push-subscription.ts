import type { MemberId } from '../../catalogue/index.js';
import type { Id } from '../../shared/index.js';

export type PushSubscriptionId = Id<'push-subscription'>;

export const pushLanguages = ['en', 'fa'] as const;
export type PushLanguage = (typeof pushLanguages)[number];

/** Where a push goes, and for whom it is encrypted, as the browser gave it (W3C Push API). */
export interface PushAddress {
  /** A capability: whoever knows it can ring this browser. It is told to nobody. */
  endpoint: string;
  /** Public key of the browser, an uncompressed point on P-256, base64url. */
  p256dh: string;
  /** Secret shared with the browser, 16 bytes, base64url. */
  auth: string;
}

/** One browser of a member in which alerts ring. */
export interface PushSubscription {
  subscriptionId: PushSubscriptionId;
  memberId: MemberId;
  address: PushAddress;
  /** What the member calls it; null: it was not said. */
  device: string | null;
  /** Language of a notification that has no words of its own. */
  language: PushLanguage;
  /** Whether a notification says what it is about: it stands on a screen that others may see. */
  detailed: boolean;
  createdAt: Date;
  /** The browser gives it up then; null: it did not say. */
  expiresAt: Date | null;
  /** When a push service last took something for it. */
  rangAt: Date | null;
}

/** Subscriptions of a member at most; more are not devices but a mistake. */
export const MOST_SUBSCRIPTIONS = 20;

export abstract class PushSubscriptions {
  /**
   * Adds it, or renews what is known of the same endpoint: of another member it is taken over, with nothing of hers.
   * False, and nothing is written, when the member has too many.
   */
  abstract save(subscription: Omit<PushSubscription, 'rangAt'>): Promise<boolean>;
  /** The newest first. */
  abstract ofMember(memberId: MemberId): Promise<PushSubscription[]>;
  /** With all that waits for it. False when the member has no such subscription. */
  abstract remove(memberId: MemberId, subscriptionId: PushSubscriptionId): Promise<boolean>;
}
