import { type AttributeSchemas, checkExpression } from '../../catalogue/index.js';
import type { AccountEvent } from '../../events/index.js';
import {
  compileExpression,
  err,
  type Expression,
  ExpressionFailed,
  type FieldProblem,
  ok,
  type Result,
} from '../../shared/index.js';
import { checkFormat } from '../wording/message-format.js';
import { messageArguments } from '../wording/arguments.js';
import { type About, eventOnlyContext, triggerContext, triggerValues } from './expressions.js';
import type { EventCondition, StoredTriggerRule, TriggerRule } from './trigger-rule.js';

interface FeatureNames {
  scalarNames(): readonly string[];
  keyedNames(): readonly string[];
}

/** A condition, its expression compiled. */
export interface CompiledCondition {
  event: string;
  /** The expression names account, contact or features: they have to be read for it. */
  needsAbout: boolean;
  /** False too when the expression fails on this event: a property that it names is missing. */
  holds(event: AccountEvent, about: About | null): boolean;
}

export interface CompiledTriggerRule extends StoredTriggerRule {
  when: CompiledCondition;
  unless: CompiledCondition | null;
}

/** Checks expressions and messages and compiles them; refused with a pointer to everything that is wrong. */
export function compileTriggerRule(
  { rule, version }: StoredTriggerRule,
  schemas: AttributeSchemas,
  features: FeatureNames,
): Result<CompiledTriggerRule, FieldProblem[]> {
  const when = compileCondition(rule.when, '/when', schemas, features);
  const unless = rule.unless ? compileCondition(rule.unless, '/unless', schemas, features) : ok(null);
  const problems = [
    ...(when.ok ? [] : [when.error]),
    ...(unless.ok ? [] : [unless.error]),
    ...wordingProblems(rule),
  ];
  if (!when.ok || !unless.ok || problems.length > 0) return err(problems);
  return ok({ rule, version, when: when.value, unless: unless.value });
}

function compileCondition(
  { event, where }: EventCondition,
  pointer: string,
  schemas: AttributeSchemas,
  features: FeatureNames,
): Result<CompiledCondition, FieldProblem> {
  if (where === undefined) return ok({ event, needsAbout: false, holds: (one) => one.name === event });
  const alone = compileExpression(where, eventOnlyContext(), 'bool');
  if (alone.ok) return ok(condition(event, alone.value, false));
  const full = checkExpression(where, triggerContext(schemas, features), 'bool', features);
  if (!full.ok) return err({ pointer: `${pointer}/where`, detail: full.error });
  return ok(condition(event, full.value, true));
}

function condition(event: string, where: Expression<boolean>, needsAbout: boolean): CompiledCondition {
  return {
    event,
    needsAbout,
    holds: (one, about) => {
      if (one.name !== event || (needsAbout && about === null)) return false;
      try {
        return where.evaluate(triggerValues(one, about));
      } catch (cause) {
        if (cause instanceof ExpressionFailed) return false;
        throw cause;
      }
    },
  };
}

function wordingProblems({ title, message, context }: TriggerRule): FieldProblem[] {
  const texts: [string, string | undefined][] = [
    ['/title/en', title?.en],
    ['/title/fa', title?.fa],
    ['/message/en', message.en],
    ['/message/fa', message.fa],
    ['/context/need', context?.need],
  ];
  return texts.flatMap(([pointer, text]) => {
    const detail = text === undefined ? null : checkFormat(text, messageArguments);
    return detail === null ? [] : [{ pointer, detail }];
  });
}
