import type { DataSource } from 'typeorm';
import { managerOf, raiseVersion, readVersion } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { ContactRuleBook } from './contact-rule-book.js';
import { type ContactRule, ContactRules, type RuleId, type RuleSet } from './rule.js';

interface Row {
  rule: ContactRule;
}

/** The version that the migration gives: nobody has written a rule yet. */
const UNTOUCHED = 1;

/** Rules in `contact_rules`, kept in memory until their version rises. */
export class PostgresContactRules extends ContactRules {
  private kept: RuleSet | undefined;

  constructor(private readonly database: DataSource) {
    super();
  }

  async current(): Promise<RuleSet> {
    const version = await readVersion(this.database, 'contact-rules');
    if (this.kept?.version !== version) {
      const rows = await this.database.query<Row[]>('select rule from contact_rules order by rule_id');
      this.kept = { version, rules: rows.map((row) => row.rule) };
    }
    return this.kept;
  }
}

/** Edits of `contact_rules`. */
export class PostgresContactRuleBook extends ContactRuleBook {
  constructor(private readonly database: DataSource) {
    super();
  }

  async page(after: RuleId | null, limit: number): Promise<ContactRule[]> {
    const rows = await this.database.query<Row[]>(
      `select rule from contact_rules where $1::text is null or rule_id > $1 order by rule_id limit $2`,
      [after, limit],
    );
    return rows.map((row) => row.rule);
  }

  async find(ruleId: RuleId): Promise<ContactRule | undefined> {
    const [row] = await this.database.query<Row[]>('select rule from contact_rules where rule_id = $1', [
      ruleId,
    ]);
    return row?.rule;
  }

  async save(rules: readonly ContactRule[], within: Transaction): Promise<void> {
    await this.write(rules, within);
    await raiseVersion(managerOf(within), 'contact-rules');
  }

  async remove(ruleId: RuleId, within: Transaction): Promise<boolean> {
    const manager = managerOf(within);
    const [removed] = await manager.query<[unknown[], number]>(
      'delete from contact_rules where rule_id = $1 returning rule_id',
      [ruleId],
    );
    if (removed.length === 0) return false;
    await raiseVersion(manager, 'contact-rules');
    return true;
  }

  async begin(rules: readonly ContactRule[], within: Transaction): Promise<boolean> {
    const [claimed] = await managerOf(within).query<[unknown[], number]>(
      `update versions set version = version + 1 where name = 'contact-rules' and version = $1 returning version`,
      [UNTOUCHED],
    );
    if (claimed.length === 0) return false;
    await this.write(rules, within);
    return true;
  }

  private async write(rules: readonly ContactRule[], within: Transaction): Promise<void> {
    await managerOf(within).query(
      `insert into contact_rules (rule_id, kind, rule)
         select rule ->> 'ruleId', rule ->> 'kind', rule from jsonb_array_elements($1::jsonb) as rule
       on conflict (rule_id) do update set kind = excluded.kind, rule = excluded.rule`,
      [JSON.stringify(rules)],
    );
  }
}
