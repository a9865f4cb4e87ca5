import type { TriggerRule, TriggerRuleId } from '../../alerts/index.js';
import { err, type FieldProblem, isId, type Json, ok, type Result } from '../../shared/index.js';
import { Problem } from '../http/problem.js';
import { createValidationPipe } from '../http/validation.js';
import { TriggerRuleBody } from './trigger-rule.dto.js';

const validation = createValidationPipe();
const MEMBERS_A_PLACE = 100;

/** The rule that a body declares; refused with a pointer to every field that is wrong. */
export async function parseTriggerRule(
  ruleId: TriggerRuleId,
  body: Json,
): Promise<Result<TriggerRule, FieldProblem[]>> {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    return err([{ pointer: '', detail: 'must be an object' }]);
  const { ruleId: named, version: _, ...fields } = body;
  if (named !== undefined && named !== ruleId)
    return err([{ pointer: '/ruleId', detail: `must be left out or be "${ruleId}", as in the path` }]);
  try {
    const valid: TriggerRuleBody = await validation.transform(fields, {
      type: 'body',
      metatype: TriggerRuleBody,
    });
    const places = placeProblems(valid.places);
    return places.length > 0 ? err(places) : ok(plain<TriggerRule>({ ruleId, ...valid }));
  } catch (cause) {
    if (cause instanceof Problem) return err(cause.errors);
    throw cause;
  }
}

function placeProblems(places: Record<string, unknown> | undefined): FieldProblem[] {
  return Object.entries(places ?? {}).flatMap(([place, members]) => {
    const good =
      isId(place) && Array.isArray(members) && members.length <= MEMBERS_A_PLACE && members.every(isId);
    return good
      ? []
      : [{ pointer: `/places/${place}`, detail: 'must be a list of member ids, by the id of a place' }];
  });
}

/** Without what was left out, and without the classes of the parts. */
function plain<Shape>(value: object): Shape {
  return JSON.parse(JSON.stringify(value)) as Shape;
}
