import type { AccountId, ContactId, MemberId, Role } from '../catalogue/index.js';
import type { HiddenTopics } from '../contact-policy/index.js';
import type { Id, Transaction } from '../shared/index.js';
import type { EvidenceEvent, FiringId } from './firing.js';
import type { TriggerRuleId } from './rules/trigger-rule.js';

export type AlertId = Id<'alert'>;

export const alertStates = ['open', 'acknowledged', 'expired'] as const;
export type AlertState = (typeof alertStates)[number];

/** What one member is told: that something happened, with the evidence and what to do next. */
export interface Alert {
  alertId: AlertId;
  /** Alerts of one firing are the same one for several members: who takes it takes it for all. */
  firingId: FiringId;
  ruleId: TriggerRuleId;
  ruleVersion: number;
  raisedAt: Date;
  changedAt: Date;
  accountId: AccountId;
  contactId: ContactId | null;
  /** Null: nobody of the account's team has the role; whoever is assigned to the account sees it. */
  memberId: MemberId | null;
  priority: number;
  title: string;
  message: string;
  /** Language of title and message. */
  locale: string;
  evidence: EvidenceEvent[];
  /** What it is about: the firewall hides it from roles that may not see these. */
  topics: string[];
  /** The customer asked in words, rather than looked. */
  enquiry: boolean;
  /** Role for which its suggestion was made. */
  viewerRole: Role;
  decisionId: string | null;
  suggestionId: string | null;
  /** Why there is no suggestion. */
  because: string | null;
  state: AlertState;
  validUntil: Date;
  /** It came in the member's night: pushes and mails wait until then, the list and the stream do not. */
  heldUntil: Date | null;
  /** The member had her share of alerts this hour: it adds to that one instead of asking for attention itself. */
  joinedTo: AlertId | null;
  escalateAt: Date | null;
  escalatedTo: MemberId | null;
  escalatedAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
}

/** An alert with the number of those that were joined to it. */
export interface ListedAlert extends Alert {
  joined: number;
}

export interface AlertQuery {
  accountId?: AccountId;
  /** Told to this member, or to this member as deputy. */
  memberId?: MemberId;
  /** What a bound caller sees: told to this member, or of accounts that the member is assigned to. */
  seenBy?: MemberId;
  /** Topics that the caller's role may not see now. */
  hidden?: HiddenTopics;
  state?: AlertState;
  changedSince?: Date;
  after?: { raisedAt: Date; alertId: AlertId };
  limit: number;
  /** Time by which expiry is judged. */
  at: Date;
}

/** An alert that asked for a member's attention. */
export interface Announced {
  alertId: AlertId;
  memberId: MemberId;
  raisedAt: Date;
}

/** The alerts that were raised. */
export abstract class AlertBook {
  /** Newest first; one more than the limit where there are more. */
  abstract page(query: AlertQuery): Promise<ListedAlert[]>;
  abstract find(alertId: AlertId, at: Date): Promise<ListedAlert | null>;
  /** Locks the members' shares of attention until the transaction ends; what asked for it after a time, oldest first. */
  abstract announcedTo(
    memberIds: readonly MemberId[],
    after: Date,
    within: Transaction,
  ): Promise<Announced[]>;
  abstract add(alerts: readonly Alert[], within: Transaction): Promise<void>;
  /** Takes the alert for everybody who was told; the first who does stays named. Gives it as it then is. */
  abstract acknowledge(alertId: AlertId, by: string, at: Date): Promise<ListedAlert | null>;
  /** Takes alerts that nobody has seen in time, once; those already over are left out. */
  abstract takeUnseen(limit: number, at: Date, within: Transaction): Promise<Alert[]>;
  abstract escalate(
    alerts: readonly { alert: Alert; to: MemberId }[],
    at: Date,
    within: Transaction,
  ): Promise<void>;
}
