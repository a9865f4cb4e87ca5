import type { AccountDossier, Catalogue } from '../catalogue/index.js';
import type { ConsentFact } from '../consent/index.js';
import type { BudgetsUsed, ContactHistory, RuleSet } from '../contact-policy/index.js';
import type { AccountState, FeatureSet } from '../features/index.js';
import type { Candidate, SuggestionId } from './decisions/decision.js';
import type { PropensityModel } from './scoring/propensity-model.js';

/** Everything a decision reads of one account, loaded by a workflow. */
export interface Situation {
  dossier: AccountDossier;
  policyEpoch: number;
  stateSequence: number;
  state: AccountState;
  consents: readonly ConsentFact[];
  history: ContactHistory;
  budgets: BudgetsUsed;
  /** Standing suggestions by `suggestionKey`: the same action for the same contact on the same channel keeps its id. */
  openSuggestionIds: ReadonlyMap<string, SuggestionId>;
  /** Those of them that somebody has accepted, or put off until a time: they are not suggested a second time. */
  resting?: ReadonlyMap<string, Resting>;
  /** State of each standing suggestion, by id. */
  standingStates?: ReadonlyMap<SuggestionId, string>;
}

export interface Resting {
  state: 'accepted' | 'snoozed';
  until: Date | null;
}

/** What makes two suggestions of an account the same one. */
export function suggestionKey(
  candidate: Pick<Candidate, 'actionId' | 'contactId' | 'channelId' | 'productId'>,
): string {
  const { actionId, contactId, channelId, productId } = candidate;
  return `${actionId}\u0000${contactId}\u0000${channelId}\u0000${productId ?? ''}`;
}

/** What is the same for every account of a run. */
export interface World {
  catalogue: Catalogue;
  rules: RuleSet;
  featureSet: FeatureSet;
  model: PropensityModel;
  /** What serves the holdout: the declared rules. */
  baseline: PropensityModel;
  exploration: ExplorationSettings;
  /** IANA zone where neither contact nor account has one. */
  timeZone: string;
  salt: string;
  holdoutShare: number;
}

export interface ExplorationSettings {
  /** `greedy`: the best, always. */
  mode: 'squarecb' | 'greedy';
  /** The larger, the less is explored. */
  gamma: number;
  /** Floor under each arm's probability, below 1 / arms. */
  floor: number;
  maxArms: number;
}
