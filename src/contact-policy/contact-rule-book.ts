import type { Transaction } from '../shared/index.js';
import type { ContactRule, RuleId } from './rule.js';

/** The rules as those who edit them see them. Every change raises the version under which they are cached. */
export abstract class ContactRuleBook {
  /** By id, after a cursor. */
  abstract page(after: RuleId | null, limit: number): Promise<ContactRule[]>;
  abstract find(ruleId: RuleId): Promise<ContactRule | undefined>;
  /** Creates or replaces. */
  abstract save(rules: readonly ContactRule[], within: Transaction): Promise<void>;
  /** False when there is no such rule. */
  abstract remove(ruleId: RuleId, within: Transaction): Promise<boolean>;
  /** Writes the rules of a new deployment if none was ever written; true when it did. */
  abstract begin(rules: readonly ContactRule[], within: Transaction): Promise<boolean>;
}
