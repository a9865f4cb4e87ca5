import type { AttributeSchemas } from '../../catalogue/index.js';
import type { Transaction } from '../../shared/index.js';
import { type CompiledTriggerRule, compileTriggerRule } from './compile-rule.js';
import type { StoredTriggerRule, TriggerRuleId } from './trigger-rule.js';

interface FeatureNames {
  scalarNames(): readonly string[];
  keyedNames(): readonly string[];
}

const NONE: readonly CompiledTriggerRule[] = [];

/** The rules that hold now, compiled, found by the name of an event: an event that no rule names costs one look. */
export class TriggerRuleSet {
  readonly byId: ReadonlyMap<TriggerRuleId, CompiledTriggerRule>;
  private readonly firing = new Map<string, CompiledTriggerRule[]>();
  private readonly contradicting = new Map<string, CompiledTriggerRule[]>();

  constructor(
    readonly version: number,
    compiled: readonly CompiledTriggerRule[],
    /** Rules that no longer compile, such as after an attribute was taken out of the schema. They do not fire. */
    readonly broken: readonly { ruleId: TriggerRuleId; because: string }[] = [],
  ) {
    this.byId = new Map(compiled.map((one) => [one.rule.ruleId, one]));
    for (const one of compiled) {
      add(this.firing, one.when.event, one);
      if (one.unless && looksAhead(one)) add(this.contradicting, one.unless.event, one);
    }
  }

  /** Rules that an event of this name may make fire. */
  firedBy(name: string): readonly CompiledTriggerRule[] {
    return this.firing.get(name) ?? NONE;
  }

  /** Rules that wait to see whether an event of this name comes. */
  contradictedBy(name: string): readonly CompiledTriggerRule[] {
    return this.contradicting.get(name) ?? NONE;
  }
}

export function looksAhead({ rule }: CompiledTriggerRule): boolean {
  return rule.unless?.looks === 'ahead';
}

function add<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Compiles what is stored; what no longer compiles is set aside with its first problem. */
export function compileRuleSet(
  version: number,
  stored: readonly StoredTriggerRule[],
  schemas: AttributeSchemas,
  features: FeatureNames,
): TriggerRuleSet {
  const compiled: CompiledTriggerRule[] = [];
  const broken: { ruleId: TriggerRuleId; because: string }[] = [];
  for (const one of stored) {
    const result = compileTriggerRule(one, schemas, features);
    if (result.ok) compiled.push(result.value);
    else {
      const [first] = result.error;
      broken.push({
        ruleId: one.rule.ruleId,
        because: `${first?.pointer ?? ''} ${first?.detail ?? ''}`.trim(),
      });
    }
  }
  return new TriggerRuleSet(version, compiled, broken);
}

/** Where the rules that hold now are read; an unchanged version is answered from memory, compiled once. */
export abstract class TriggerRules {
  /** Inside a transaction it is asked over the transaction's own connection. */
  abstract current(within?: Transaction): Promise<TriggerRuleSet>;
}
