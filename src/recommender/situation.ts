import type { AccountDossier, Catalogue } from '../catalogue/index.js';
import type { ConsentFact } from '../consent/index.js';
import type { BudgetsUsed, ContactHistory, RuleSet } from '../contact-policy/index.js';
import type { AccountState, FeatureSet } from '../features/index.js';
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
  /** Open suggestions, so that the same action for the same contact on the same channel keeps its id. */
  openSuggestionIds: ReadonlyMap<string, string>;
}

/** What is the same for every account of a run. */
export interface World {
  catalogue: Catalogue;
  rules: RuleSet;
  featureSet: FeatureSet;
  model: PropensityModel;
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
