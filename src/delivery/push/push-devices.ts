import type { MemberId } from '../../catalogue/index.js';
import { type Clock, err, type FieldProblem, type Ids, MINUTE, ok, type Result } from '../../shared/index.js';
import { addressProblems, subscriptionIdOf } from './push-address.js';
import type { PushDeliveries } from './push-deliveries.js';
import {
  type PushAddress,
  type PushLanguage,
  type PushSubscription,
  type PushSubscriptionId,
  type PushSubscriptions,
} from './push-subscription.js';

export interface PushDevicesParts {
  subscriptions: PushSubscriptions;
  deliveries: PushDeliveries;
  /** What browsers bind a subscription to. */
  publicKey: string;
  /** Push services inside may be called: for tests. */
  allowPrivate: boolean;
  clock: Clock;
  ids: Ids;
}

/** What a browser says of itself. */
export interface OfferedDevice {
  address: PushAddress;
  device: string | null;
  language: PushLanguage;
  detailed: boolean;
  expiresAt: Date | null;
}

export type DeviceRefused = { code: 'invalid'; problems: FieldProblem[] } | { code: 'too-many' };

/** Whoever has just asked for a test looks at the device now. */
const TEST_RINGS_FOR = 5 * MINUTE;

/** The devices on which a member's alerts ring. */
export class PushDevices {
  constructor(private readonly parts: PushDevicesParts) {}

  get publicKey(): string {
    return this.parts.publicKey;
  }

  /** Adds the browser, or renews what is known of it; then it rings for this member alone. */
  async register(
    memberId: MemberId,
    offered: OfferedDevice,
  ): Promise<Result<PushSubscription, DeviceRefused>> {
    const { subscriptions, allowPrivate, clock } = this.parts;
    const at = clock.now();
    const problems = addressProblems(offered.address, allowPrivate);
    if (offered.expiresAt && offered.expiresAt <= at)
      problems.push({ pointer: '/expirationTime', detail: 'is over: let the browser subscribe anew' });
    if (problems.length > 0) return err({ code: 'invalid', problems });
    const subscriptionId = subscriptionIdOf(offered.address.endpoint);
    const saved = await subscriptions.save({ ...offered, subscriptionId, memberId, createdAt: at });
    if (!saved) return err({ code: 'too-many' });
    const found = (await subscriptions.ofMember(memberId)).find(
      (one) => one.subscriptionId === subscriptionId,
    );
    if (!found) throw new Error(`The subscription ${subscriptionId} was lost`);
    return ok(found);
  }

  list(memberId: MemberId): Promise<PushSubscription[]> {
    return this.parts.subscriptions.ofMember(memberId);
  }

  /** False when the member has no such device. */
  remove(memberId: MemberId, subscriptionId: PushSubscriptionId): Promise<boolean> {
    return this.parts.subscriptions.remove(memberId, subscriptionId);
  }

  /** Lets the device ring once. False when the member has no such device. */
  async test(memberId: MemberId, subscriptionId: PushSubscriptionId): Promise<boolean> {
    const { subscriptions, deliveries, clock, ids } = this.parts;
    const own = (await subscriptions.ofMember(memberId)).some((one) => one.subscriptionId === subscriptionId);
    if (!own) return false;
    const at = clock.now();
    const messageId = `msg_${ids.next()}`;
    const note = {
      messageId,
      kind: 'test',
      subjectId: messageId,
      accountId: null,
      memberIds: [memberId],
      title: null,
      urgent: true,
      notBefore: at,
      notAfter: new Date(at.getTime() + TEST_RINGS_FOR),
    } as const;
    await deliveries.queue(note, subscriptionId, at);
    return true;
  }
}
