import type { AuditTrail } from '../access/index.js';
import type { ContactRule, ContactRuleBook, RuleId } from '../contact-policy/index.js';
import type { Transactions } from '../shared/index.js';

/** Changes of contact rules, each with its entry in the audit trail. */
export class EditContactRules {
  constructor(
    private readonly transactions: Transactions,
    private readonly book: ContactRuleBook,
    private readonly audit: AuditTrail,
  ) {}

  /** Creates or replaces. */
  async save(rules: readonly ContactRule[], actor: string): Promise<void> {
    if (rules.length === 0) return;
    await this.transactions.run(async (within) => {
      await this.book.save(rules, within);
      const entries = rules.map(({ ruleId, kind }) => ({
        actor,
        action: 'contact-rule.saved',
        subjectKind: 'contact-rule',
        subjectId: ruleId,
        detail: { kind },
      }));
      await this.audit.record(entries, within);
    });
  }

  /** False when there is no such rule. */
  remove(ruleId: RuleId, actor: string): Promise<boolean> {
    return this.transactions.run(async (within) => {
      if (!(await this.book.remove(ruleId, within))) return false;
      const entry = { actor, action: 'contact-rule.removed', subjectKind: 'contact-rule', subjectId: ruleId };
      await this.audit.record([entry], within);
      return true;
    });
  }
}
