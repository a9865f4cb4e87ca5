import { unitHash } from '../shared/index.js';

/** Whether an account is served the declared rules, so that the model's effect can be measured against them. */
export function inHoldout(accountId: string, holdout: { salt: string; share: number }): boolean {
  return holdout.share > 0 && unitHash(`${holdout.salt}:holdout:${accountId}`) < holdout.share;
}
