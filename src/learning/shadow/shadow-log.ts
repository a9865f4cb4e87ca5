import type { AccountId } from '../../catalogue/index.js';
import type { DecisionId, DecisionRef, ScoredCandidate } from '../../recommender/index.js';
import type { RescoredArm } from '../evaluation/off-policy/index.js';

/** An alternative as the model in shadow sees it. */
export type ShadowArm = Pick<
  ScoredCandidate,
  'actionId' | 'channelId' | 'contactId' | 'productId' | 'propensity' | 'priority'
>;

/** What a model in shadow would have done where the champion decided. */
export interface ShadowDecision {
  accountId: AccountId;
  /** The champion's decision. */
  decisionId: DecisionId;
  /** Of the model in shadow. */
  version: string;
  decidedAt: Date;
  /** Name and version of the champion. */
  champion: string;
  /** Its own arms, the best first; null is *no action*, which is always the last. */
  ranking: readonly (ShadowArm | null)[];
  /** Place in the ranking that it would have drawn, with the champion's seed. */
  drawn: number;
  /** What it gives to each of the champion's arms; empty where it cannot tell. */
  scored: readonly RescoredArm[];
  /** What it took to decide a second time. */
  milliseconds: number;
}

/** What models in shadow would have done, kept beside the decision log and apart from it. */
export abstract class ShadowLog {
  /**
   * Keeps what is of people who are known: nothing of one who was erased meanwhile. Waits for nobody: those of accounts
   * that somebody is changing are given back, to be tried again.
   */
  abstract append(decisions: readonly ShadowDecision[]): Promise<ShadowDecision[]>;
  /** Of one model since a time, by account and then decision, after a cursor. */
  abstract page(
    asked: { version: string; since: Date },
    after: DecisionRef | null,
    limit: number,
  ): Promise<ShadowDecision[]>;
  /** By decision id: what one model gave to the arms of these decisions, where it was asked. */
  abstract scoredBy(
    version: string,
    decisions: readonly DecisionRef[],
  ): Promise<ReadonlyMap<DecisionId, readonly RescoredArm[]>>;
  /** Removes some of what is of before a time; gives how many. */
  abstract purge(before: Date, limit: number): Promise<number>;
}

/** As long as the detail of decisions is kept. */
export const SHADOW_DAYS = 180;
