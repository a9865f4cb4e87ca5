import type { AuditTrail } from '../access/index.js';
import {
  compileTriggerRule,
  type StoredTriggerRule,
  type TriggerRule,
  type TriggerRuleBook,
  type TriggerRuleId,
} from '../alerts/index.js';
import type { Catalogues, KnownFeatures } from '../catalogue/index.js';
import { type Clock, err, type FieldProblem, ok, type Result, type Transactions } from '../shared/index.js';

export interface EditTriggerRulesParts {
  transactions: Transactions;
  book: TriggerRuleBook;
  catalogues: Catalogues;
  features: KnownFeatures;
  audit: AuditTrail;
  clock: Clock;
}

/** Changes of trigger rules: checked, each a version of its own, each with its entry in the audit trail. */
export class EditTriggerRules {
  constructor(private readonly parts: EditTriggerRulesParts) {}

  /** What is wrong with a rule: expressions against the attribute schemas and features of today, words, names. */
  async check(rule: TriggerRule): Promise<FieldProblem[]> {
    const { schemas, products, channels } = await this.parts.catalogues.current();
    const compiled = compileTriggerRule({ rule, version: 0 }, schemas, this.parts.features);
    const { channel, productId } = rule.context ?? {};
    return [
      ...(compiled.ok ? [] : compiled.error),
      ...(channel !== undefined && !channels.has(channel)
        ? [{ pointer: '/context/channel', detail: `there is no channel with id "${channel}"` }]
        : []),
      ...(productId !== undefined && !products.has(productId)
        ? [{ pointer: '/context/productId', detail: `there is no product with id "${productId}"` }]
        : []),
    ];
  }

  /** Creates or replaces; a rule that is as it was keeps its version. */
  async save(rule: TriggerRule, actor: string): Promise<Result<StoredTriggerRule, FieldProblem[]>> {
    const problems = await this.check(rule);
    if (problems.length > 0) return err(problems);
    await this.saveChecked([rule], actor);
    const stored = await this.parts.book.find(rule.ruleId);
    return ok(stored ?? { rule, version: 0 });
  }

  /** Rules that were checked, or are shipped. */
  async saveChecked(rules: readonly TriggerRule[], actor: string): Promise<void> {
    const { transactions, book, audit, clock } = this.parts;
    await transactions.run(async (within) => {
      await book.save(rules, { actor, at: clock.now() }, within);
      const entries = rules.map(({ ruleId, when }) => ({
        actor,
        action: 'trigger-rule.saved',
        subjectKind: 'trigger-rule',
        subjectId: ruleId,
        detail: { event: when.event },
      }));
      await audit.record(entries, within);
    });
  }

  /** False when there is no such rule. What it has fired already is not raised any more. */
  remove(ruleId: TriggerRuleId, actor: string): Promise<boolean> {
    const { transactions, book, audit, clock } = this.parts;
    return transactions.run(async (within) => {
      if (!(await book.remove(ruleId, { actor, at: clock.now() }, within))) return false;
      const entry = {
        actor,
        action: 'trigger-rule.removed',
        subjectKind: 'trigger-rule',
        subjectId: ruleId,
      };
      await audit.record([entry], within);
      return true;
    });
  }
}
