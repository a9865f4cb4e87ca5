import type { ChannelId, MemberId, ProductId, Role } from '../../catalogue/index.js';
import type { Id, Transaction } from '../../shared/index.js';

export type TriggerRuleId = Id<'trigger-rule'>;

/** An event of this name for which the expression (CEL over event, account, contact, features) is true. */
export interface EventCondition {
  event: string;
  /** Absent: any event of the name. */
  where?: string;
}

/** Words by language; English is what others fall back to. Placeholders as in `message-format.ts`. */
export interface Wording {
  en: string;
  fa?: string;
}

/**
 * When somebody is to be told of something (PUT /trigger-rules/{ruleId}): when `count` events of the condition came
 * within `withinHours`, counted for one contact (events without one: for the account), unless something else did.
 */
export interface TriggerRule {
  ruleId: TriggerRuleId;
  when: EventCondition;
  count: number;
  withinHours: number;
  /**
   * `back` (default): not when such an event came in the hours before. `ahead`: judged so many hours later, and only if
   * no such event came meanwhile: something that was expected did not happen.
   */
  unless?: EventCondition & { withinHours: number; looks?: 'back' | 'ahead' };
  /** An event that comes later than this after it happened does not fire. */
  maxLatenessHours: number;
  /** 0 to 100; from `URGENT_PRIORITY` on it neither waits for the morning nor is joined to another. */
  priority: number;
  /** The rule is silent for the same contact (or account) so long before and after it fired; 0: never silent. */
  cooldownHours: number;
  /** Hours for which the alert is worth acting on; an event's own `validMinutes` shortens it. */
  validHours: number;
  title?: Wording;
  message: Wording;
  /** Members of the account's team in this role are told. */
  role: Role;
  /** For whom events are counted; contact when absent. */
  per?: 'contact' | 'account';
  /** Who is told instead, by the `placeId` of the event: the people of a branch. */
  places?: Record<string, MemberId[]>;
  /** What went before is told too: events of these names in so many hours before, of the same contact. */
  recall?: { events: string[]; withinHours: number };
  /** What the decision is about, beside the topic and product that the events name. */
  context?: { channel?: ChannelId; topic?: string; productId?: ProductId; need?: string };
  /** Unseen for so long, the alert goes to the deputy too; absent: as the settings say. */
  escalateAfterMinutes?: number;
}

export const LONGEST_HOURS = 24 * 366;
/** The most that a rule looks at together: window, lateness and absence. */
export const MOST_COUNT = 1000;

/** A rule with the number that rises with each of its changes. */
export interface StoredTriggerRule {
  rule: TriggerRule;
  version: number;
}

/** Rules as those who edit them see them. Every change raises the version under which they are cached. */
export abstract class TriggerRuleBook {
  /** By id, after a cursor. */
  abstract page(after: TriggerRuleId | null, limit: number): Promise<StoredTriggerRule[]>;
  abstract find(ruleId: TriggerRuleId): Promise<StoredTriggerRule | undefined>;
  /** Creates or replaces; an equal rule keeps its version. */
  abstract save(
    rules: readonly TriggerRule[],
    by: { actor: string; at: Date },
    within: Transaction,
  ): Promise<void>;
  /** Writes the rules of a new deployment if none was ever written; true when it did. */
  abstract begin(rules: readonly TriggerRule[], at: Date, within: Transaction): Promise<boolean>;
  /** False when there is no such rule. */
  abstract remove(
    ruleId: TriggerRuleId,
    by: { actor: string; at: Date },
    within: Transaction,
  ): Promise<boolean>;
}
