import type { Decision, ScoredCandidate } from '../../recommender/index.js';
import type { DecisionOutcome } from '../evaluation/off-policy/index.js';
import type { ShadowArm, ShadowDecision } from './shadow-log.js';

/** One decision of the champion beside what the model in shadow would have done, as far as a report reads it. */
export interface ShadowRow {
  account: string;
  segment: string | null;
  /** On which the champion's first place goes; null: *no action*. */
  channel: string | null;
  /** Chance has something to draw from, on either side. */
  choice: boolean;
  /** Both put the same first, chance set aside. */
  sameFirst: boolean;
  /** Both drew the same. */
  sameDrawn: boolean;
  /** What the model in shadow puts first is not among the champion's arms. */
  beyond: boolean;
  /** Of what the champion drew, where that is an action that the other scored. */
  propensities: { champion: number; challenger: number } | null;
  /** Whether the outcome came, where it was carried out and nothing more can come of it. */
  happened: boolean | null;
  milliseconds: number;
}

/** `outcome` is absent where the decision never came before anybody. */
export function shadowRow(
  decision: Decision,
  shadow: ShadowDecision,
  { outcome, segment }: { outcome: DecisionOutcome | undefined; segment: string | null },
): ShadowRow {
  const { arms, chosen, draw } = decision;
  const best = arms[0]?.candidate ?? null;
  const drawn = arms[chosen]?.candidate ?? null;
  const [first = null] = shadow.ranking;
  const given = shadow.scored[chosen];
  return {
    account: decision.accountId,
    segment,
    channel: best?.channelId ?? null,
    choice: draw.mode !== 'mandatory' && (best !== null || first !== null),
    sameFirst: same(best, first),
    sameDrawn: same(drawn, shadow.ranking[shadow.drawn] ?? null),
    beyond: first !== null && !arms.some(({ candidate }) => same(candidate, first)),
    propensities: drawn && given ? { champion: drawn.propensity, challenger: given.propensity } : null,
    happened: drawn && outcome?.settled && outcome.carriedOut ? outcome.happened : null,
    milliseconds: shadow.milliseconds,
  };
}

/** The same action for the same contact on the same channel, about the same product; or no action on both sides. */
function same(one: ScoredCandidate | null, other: ShadowArm | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.actionId === other.actionId &&
    one.channelId === other.channelId &&
    one.contactId === other.contactId &&
    one.productId === other.productId
  );
}
