import type { CreditableTouch } from '../../outcomes/index.js';
import {
  type AccountInputs,
  type Decision,
  decodeSnapshot,
  type InputSchema,
  schemaDigest,
} from '../../recommender/index.js';

export interface ServedInputs {
  account: AccountInputs;
  crosses: Float32Array;
}

/**
 * Inputs as they were served, by the decision that led to a touch. Undefined where the decision is not known, had
 * another schema of inputs, or did not log this candidate among its arms: then they are replayed.
 */
export function servedInputs(
  decisions: readonly Decision[],
  decisionOf: ReadonlyMap<string, string>,
  schema: InputSchema,
): (touch: CreditableTouch) => ServedInputs | undefined {
  const digest = schemaDigest(schema);
  const known = new Map(
    decisions
      .filter(({ versions }) => versions.inputs === digest)
      .map((decision) => [`${decision.decisionId}`, decision]),
  );
  return (touch) => {
    const named =
      touch.decisionId ?? (touch.suggestionId === null ? undefined : decisionOf.get(touch.suggestionId));
    const decision = named === undefined ? undefined : known.get(named);
    return decision && inputsOf(decision, touch);
  };
}

function inputsOf(decision: Decision, touch: CreditableTouch): ServedInputs | undefined {
  const candidates = decision.arms.flatMap(({ candidate }) => candidate ?? []);
  const place = candidates.findIndex(
    ({ actionId, channelId, contactId, productId }) =>
      actionId === touch.actionId &&
      channelId === touch.channelId &&
      (touch.contactId === null || contactId === touch.contactId) &&
      (productId === null || touch.productIds.includes(productId)),
  );
  const { contacts, arms } = decodeSnapshot(decision.snapshot);
  const arm = arms[place];
  const account = arm && contacts[arm.contact];
  return account && arm.crosses.length > 0 ? { account, crosses: arm.crosses } : undefined;
}
