import type { ChannelId, Purpose, Role } from '../catalogue/index.js';
import type { Id } from '../shared/index.js';

export type RuleId = Id<'rule'>;

export const dismissalReasons = [
  'already-done',
  'wrong-time',
  'wrong-product',
  'wrong-channel',
  'not-compliant',
  'other',
] as const;
export type DismissalReason = (typeof dismissalReasons)[number];

/** Names of the rules that say no, as they stand in `suppressed`, `explain` and `why-not`. */
export const ruleNames = [
  'eligibility',
  'consent',
  'cap',
  'cool-down',
  'quiet-hours',
  'conversation-hold',
  'offer-lock',
  'stock',
  'budget',
  'firewall',
  'reach',
] as const;
export type RuleName = (typeof ruleNames)[number];

/** A rule of the contact policy, declared as data (PUT /contact-rules/{ruleId}). */
export type ContactRule = { ruleId: RuleId } & (
  | {
      kind: 'cap';
      limit: number;
      days: number;
      per: 'contact' | 'account';
      channelId?: ChannelId;
      purpose?: Purpose;
    }
  | {
      kind: 'cool-down';
      days: number;
      after: DismissalReason | 'touch';
      scope: 'action' | 'product' | 'channel';
    }
  | { kind: 'quiet-hours'; channelId?: ChannelId; from: string; to: string; restDays: 'country' | string[] }
  | {
      kind: 'conversation-hold';
      silences: Purpose[];
      while: 'conversation' | 'complaint' | 'visit-follow-up';
      days: number;
    }
  | { kind: 'offer-lock'; days: number }
  | { kind: 'budget'; role: Role; perDay: number }
  | { kind: 'firewall'; topics: string[]; hideFrom: Role[] }
);

/** A "no": which rule, why, and when it lapses (null: not by itself). */
export interface Refusal {
  rule: RuleName;
  ruleId: RuleId | null;
  because: string;
  until: Date | null;
}

export interface RuleSet {
  /** Rises with every change of any rule. */
  version: number;
  rules: readonly ContactRule[];
}

export abstract class ContactRules {
  /** An unchanged version is answered from memory. */
  abstract current(): Promise<RuleSet>;
}
