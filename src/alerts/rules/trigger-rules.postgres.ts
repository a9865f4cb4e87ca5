import type { DataSource } from 'typeorm';
import type { Catalogues, KnownFeatures } from '../../catalogue/index.js';
import { managerOf, raiseVersion, readVersion } from '../../database/index.js';
import { digest, type Transaction } from '../../shared/index.js';
import { compileRuleSet, TriggerRules, type TriggerRuleSet } from './trigger-rules.js';
import {
  type StoredTriggerRule,
  type TriggerRule,
  TriggerRuleBook,
  type TriggerRuleId,
} from './trigger-rule.js';

interface Row {
  rule: TriggerRule;
  version: number;
}

const stored = ({ rule, version }: Row): StoredTriggerRule => ({ rule, version });

/** How long the version last seen is trusted, in milliseconds: a change is seen this much later. */
const TRUSTED_FOR_MS = 250;

/** Rules in `trigger_rules`, compiled in memory until their version or the attribute schemas change. */
export class PostgresTriggerRules extends TriggerRules {
  private kept: { set: TriggerRuleSet; schemas: string } | undefined;
  private checkedAt = -Infinity;
  private underWay: Promise<TriggerRuleSet> | undefined;
  private changes = 0;

  /** `monotonic` gives milliseconds that never go back; it is not the time of day. */
  constructor(
    private readonly database: DataSource,
    private readonly catalogues: Catalogues,
    private readonly features: KnownFeatures,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    super();
  }

  async current(within?: Transaction): Promise<TriggerRuleSet> {
    if (this.kept && this.monotonic() - this.checkedAt < TRUSTED_FOR_MS) return this.kept.set;
    // Not kept: the transaction may see what is never committed.
    if (within) return (await this.look(within)).set;
    this.underWay ??= this.refresh().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /** A change was committed in this process: the next caller looks again. */
  changed(): void {
    this.changes += 1;
    this.checkedAt = -Infinity;
    this.underWay = undefined;
  }

  private async refresh(): Promise<TriggerRuleSet> {
    const { changes } = this;
    const seen = await this.look();
    // What was read before a change of this process must not be kept over it.
    if (changes === this.changes) {
      this.kept = seen;
      this.checkedAt = this.monotonic();
    }
    return seen.set;
  }

  /** What is kept, where it still holds; else compiled anew. */
  private async look(within?: Transaction): Promise<{ set: TriggerRuleSet; schemas: string }> {
    const { kept } = this;
    const over = within ? managerOf(within) : this.database;
    const version = await readVersion(over, 'trigger-rules');
    const catalogue = await this.catalogues.current(within);
    const schemas = digest(catalogue.schemas);
    if (kept && kept.set.version === version && kept.schemas === schemas) return kept;
    const rows = await over.query<Row[]>('select rule, version from trigger_rules order by rule_id');
    const set = compileRuleSet(version, rows.map(stored), catalogue.schemas, this.features);
    return { set, schemas };
  }
}

/** The version that the migration gives: nobody has written a rule yet. */
const UNTOUCHED = 1;

/** Edits of `trigger_rules`; every version is kept in `trigger_rule_versions`. */
export class PostgresTriggerRuleBook extends TriggerRuleBook {
  constructor(
    private readonly database: DataSource,
    private readonly rules: { changed(): void },
  ) {
    super();
  }

  async page(after: TriggerRuleId | null, limit: number): Promise<StoredTriggerRule[]> {
    const rows = await this.database.query<Row[]>(
      `select rule, version from trigger_rules
        where $1::text is null or rule_id > $1 order by rule_id limit $2`,
      [after, limit],
    );
    return rows.map(stored);
  }

  async find(ruleId: TriggerRuleId): Promise<StoredTriggerRule | undefined> {
    const [row] = await this.database.query<Row[]>(
      'select rule, version from trigger_rules where rule_id = $1',
      [ruleId],
    );
    return row && stored(row);
  }

  async save(
    rules: readonly TriggerRule[],
    { actor, at }: { actor: string; at: Date },
    within: Transaction,
  ): Promise<void> {
    const saved = await this.write(rules, actor, at, within);
    if (saved === 0) return;
    await raiseVersion(managerOf(within), 'trigger-rules');
    this.rules.changed();
  }

  async begin(rules: readonly TriggerRule[], at: Date, within: Transaction): Promise<boolean> {
    const [claimed] = await managerOf(within).query<[unknown[], number]>(
      `update versions set version = version + 1 where name = 'trigger-rules' and version = $1 returning version`,
      [UNTOUCHED],
    );
    if (claimed.length === 0) return false;
    await this.write(rules, 'system', at, within);
    this.rules.changed();
    return true;
  }

  async remove(
    ruleId: TriggerRuleId,
    { actor, at }: { actor: string; at: Date },
    within: Transaction,
  ): Promise<boolean> {
    const manager = managerOf(within);
    const removed = await manager.query<unknown[]>(
      `with gone as (delete from trigger_rules where rule_id = $1 returning rule_id),
       kept as (
         insert into trigger_rule_versions (rule_id, version, rule, saved_at, saved_by)
         select gone.rule_id,
                (select max(version) + 1 from trigger_rule_versions v where v.rule_id = gone.rule_id), null, $2, $3
           from gone)
       select rule_id from gone`,
      [ruleId, at, actor],
    );
    if (removed.length === 0) return false;
    await raiseVersion(manager, 'trigger-rules');
    this.rules.changed();
    return true;
  }

  /** Gives how many are new or have changed. */
  private async write(
    rules: readonly TriggerRule[],
    actor: string,
    at: Date,
    within: Transaction,
  ): Promise<number> {
    // The last version stands in the history even when the rule was removed in between: numbers are not used again.
    const saved = await managerOf(within).query<unknown[]>(
      `with given as (
         select rule ->> 'ruleId' as rule_id, rule from jsonb_array_elements($1::jsonb) as rule),
       changed as (
         select given.rule_id, given.rule,
                coalesce((select max(version) from trigger_rule_versions v where v.rule_id = given.rule_id), 0) + 1
                  as version
           from given left join trigger_rules r using (rule_id)
          where r.rule is distinct from given.rule),
       kept as (
         insert into trigger_rule_versions (rule_id, version, rule, saved_at, saved_by)
         select rule_id, version, rule, $2, $3 from changed)
       insert into trigger_rules (rule_id, version, rule)
       select rule_id, version, rule from changed
       on conflict (rule_id) do update set version = excluded.version, rule = excluded.rule
       returning rule_id`,
      [JSON.stringify(rules), at, actor],
    );
    return saved.length;
  }
}
