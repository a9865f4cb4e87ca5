import { describe, expect, it } from '@jest/globals';
import { compileTriggerRule } from './rules/compile-rule.js';
import { standardTriggerRules } from './standard-rules.js';

const noFeatures = { scalarNames: () => [], keyedNames: () => [] };

describe('the standard trigger rules', () => {
  it.each(standardTriggerRules.map((rule) => [rule.ruleId, rule] as const))(
    '%s compiles, and speaks English and Persian',
    (_, rule) => {
      const result = compileTriggerRule({ rule, version: 1 }, { account: {}, contact: {} }, noFeatures);
      expect(result).toMatchObject({ ok: true });
      expect(rule.message.fa).toMatch(/[\u0600-\u06ff]/);
    },
  );

  it('have ids of their own', () => {
    expect(new Set(standardTriggerRules.map(({ ruleId }) => ruleId)).size).toBe(standardTriggerRules.length);
  });
});
