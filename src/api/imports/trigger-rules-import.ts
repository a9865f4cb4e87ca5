import type { Caller } from '../../access/index.js';
import type { TriggerRule, TriggerRuleId } from '../../alerts/index.js';
import type { RowOfCells } from '../../catalogue/index.js';
import { err, type FieldProblem, isId, type Json, type Result } from '../../shared/index.js';
import type { EditTriggerRules } from '../../workflows/index.js';
import { actorOf } from '../catalogue/actor.js';
import { parseTriggerRule } from '../trigger-rules/parse-trigger-rule.js';
import { type BatchTaken, type ImportedRow, ImportHandler, rowRefused } from './import-handler.js';

/** Rules by which alerts are raised, each with its ruleId. Their parts are objects: a table cannot say them. */
export class TriggerRulesImport extends ImportHandler {
  readonly kind = 'trigger-rules';
  readonly scope = 'catalogue';

  constructor(private readonly edit: EditTriggerRules) {
    super();
  }

  header(): Promise<Result<RowOfCells, FieldProblem[]>> {
    return Promise.resolve(
      err([{ pointer: '', detail: 'trigger rules are imported as NDJSON, not as CSV' }]),
    );
  }

  async save(rows: readonly ImportedRow[], caller: Caller): Promise<BatchTaken> {
    const rules = new Map<TriggerRuleId, TriggerRule>();
    const refused = [];
    let accepted = 0;
    for (const { line, value } of rows) {
      const { ruleId, ...body } = value as { ruleId?: Json } & Record<string, Json>;
      const rule = isId(ruleId)
        ? await parseTriggerRule(ruleId as TriggerRuleId, body)
        : err([{ pointer: '/ruleId', detail: 'must be a text of 1 to 128 characters (your own id)' }]);
      const problems = rule.ok ? await this.edit.check(rule.value) : rule.error;
      if (rule.ok && problems.length === 0) {
        rules.set(rule.value.ruleId, rule.value);
        accepted += 1;
      } else refused.push(rowRefused(line, problems));
    }
    if (rules.size > 0) await this.edit.saveChecked([...rules.values()], actorOf(caller));
    return { accepted, refused };
  }
}
