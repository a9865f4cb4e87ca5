import type { Json } from '../../shared/index.js';
import { err, type FieldProblem, isId, ok, type Result } from '../../shared/index.js';
import type { ContactRule, RuleId, RuleKind } from '../../contact-policy/index.js';
import { Problem } from '../http/problem.js';
import { createValidationPipe } from '../http/validation.js';
import { ruleBodies } from './contact-rule.dto.js';

const validation = createValidationPipe();
const kinds = Object.keys(ruleBodies) as RuleKind[];

/** The rule that a body declares, by its `kind`; refused with a pointer to every field that is wrong. */
export async function parseContactRule(
  ruleId: RuleId,
  body: Json,
): Promise<Result<ContactRule, FieldProblem[]>> {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    return err([{ pointer: '', detail: 'must be an object with a kind' }]);
  const { ruleId: named, ...fields } = body;
  if (named !== undefined && named !== ruleId)
    return err([{ pointer: '/ruleId', detail: `must be left out or be "${ruleId}", as in the path` }]);
  const kind = kinds.find((known) => known === fields['kind']);
  if (kind === undefined) return err([{ pointer: '/kind', detail: `must be one of ${kinds.join(', ')}` }]);
  try {
    const valid: object = await validation.transform(fields, { type: 'body', metatype: ruleBodies[kind] });
    return ok({ ruleId, ...valid } as ContactRule);
  } catch (cause) {
    if (cause instanceof Problem) return err(cause.errors);
    throw cause;
  }
}

/** Rules of a list, named by their place where they have no id; pointers lead into the list. */
export async function parseContactRules(
  bodies: readonly Json[],
): Promise<Result<ContactRule[], FieldProblem[]>> {
  const rules: ContactRule[] = [];
  const problems: FieldProblem[] = [];
  for (const [index, body] of bodies.entries()) {
    const named =
      body !== null && typeof body === 'object' && !Array.isArray(body) ? body['ruleId'] : undefined;
    const parsed = await parseContactRule((isId(named) ? named : `rule-${index + 1}`) as RuleId, body);
    if (parsed.ok) rules.push(parsed.value);
    else
      problems.push(
        ...parsed.error.map(({ pointer, detail }) => ({ pointer: `/rules/${index}${pointer}`, detail })),
      );
  }
  return problems.length === 0 ? ok(rules) : err(problems);
}
