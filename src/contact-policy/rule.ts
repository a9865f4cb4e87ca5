import type { ChannelId, ChannelKind, Purpose, Role } from '../catalogue/index.js';
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

/** After what something rests: a suggestion that was dismissed for a reason, or carried out; any touch. */
export const restCauses = [...dismissalReasons, 'completed', 'touch'] as const;
export type RestCause = (typeof restCauses)[number];

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
      channelKind?: ChannelKind;
      purpose?: Purpose;
    }
  | {
      kind: 'cool-down';
      days: number;
      after: RestCause;
      scope: 'action' | 'product' | 'channel';
    }
  | {
      kind: 'quiet-hours';
      channelId?: ChannelId;
      channelKind?: ChannelKind;
      /** Local wall time of the contact, HH:MM; equal ends mean no quiet hours beside the rest days. */
      from: string;
      to: string;
      /** The country's working week and public holidays, or own ones: weekdays (`fri`) and dates (`2026-12-24`). */
      restDays: 'country' | string[];
    }
  | {
      kind: 'conversation-hold';
      silences: Purpose[];
      while: 'conversation' | 'complaint' | 'visit-follow-up';
      days: number;
      /** Whom an open thread silences: everybody of the account (default), or the contact it is held with. */
      per?: 'contact' | 'account';
    }
  | { kind: 'offer-lock'; days: number }
  | { kind: 'budget'; role: Role; perDay: number }
  | {
      kind: 'reach';
      /** Share of the accounts that a new action goes to at first, in (0, 1]. */
      startShare: number;
      /** Touches with it after which it goes to all. */
      fullAt: number;
      /** Touches that the log must have before anything counts as new. */
      from: number;
    }
  | {
      kind: 'firewall';
      topics: string[];
      hideFrom: Role[];
      /**
       * What is hidden: everything about the topics (default), or only that a customer asked about them. What she merely
       * read, and what may be done about it, is then shown.
       */
      of?: 'everything' | 'enquiries';
    }
);

export type RuleKind = ContactRule['kind'];
export type RuleOf<Kind extends RuleKind> = Extract<ContactRule, { kind: Kind }>;

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
