import type { AccountDossier, Catalogue, ChannelId, ContactId, ProductId } from '../catalogue/index.js';
import type { ConsentFact } from '../consent/index.js';
import type { BudgetsUsed, ContactHistory, ReachOfActions, RuleSet } from '../contact-policy/index.js';
import type { AccountState, FeatureSet, PublishedNumbers } from '../features/index.js';
import type { WeekProfiles } from '../insights/index.js';
import type { Candidate, SuggestionId } from './decisions/decision.js';
import type { IncrementalHead } from './scoring/incremental-head.js';
import type { PropensityModel } from './scoring/propensity-model.js';

/** Everything a decision reads of one account, loaded by a workflow. */
export interface Situation {
  dossier: AccountDossier;
  policyEpoch: number;
  stateSequence: number;
  state: AccountState;
  /** What insights have published of the account. */
  published?: PublishedNumbers;
  consents: readonly ConsentFact[];
  history: ContactHistory;
  budgets: BudgetsUsed;
  /** Standing suggestions by `suggestionKey`: the same action for the same contact on the same channel keeps its id. */
  openSuggestionIds: ReadonlyMap<string, SuggestionId>;
  /** Those of them that somebody has accepted, or put off until a time: they are not suggested a second time. */
  resting?: ReadonlyMap<string, Resting>;
  /** What counts less because of what was dismissed. */
  lowerings?: readonly Lowering[];
  /** Hours in which contacts do not want to be touched, as far as it was said. */
  avoidedHours?: readonly AvoidedHours[];
  /** State of each standing suggestion, by id. */
  standingStates?: ReadonlyMap<SuggestionId, string>;
}

export interface Resting {
  state: 'accepted' | 'snoozed';
  until: Date | null;
}

/** A factor on what concerns a product (of the account) or a channel (of one contact, or of all when it is null). */
export interface Lowering {
  productId: ProductId | null;
  channelId: ChannelId | null;
  contactId: ContactId | null;
  /** In (0, 1]; fades with time. */
  factor: number;
  because: string;
}

/** Hours of the week, local to the contact (null: to every one), whose slots are worth less. */
export interface AvoidedHours {
  contactId: ContactId | null;
  /** Monday 00:00 is 0; and how many from there. */
  hour: number;
  hours: number;
  /** Factors on a slot in these hours of that weekday, and in the same hours of another. In (0, 1]. */
  sameDay: number;
  otherDays: number;
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
  /** Models in shadow: they are asked beside `model` about what was decided, and nobody sees what they say. */
  challengers?: readonly PropensityModel[];
  /** What the catalogue is valued by; null or absent: by propensity. */
  incremental?: IncrementalHead | null;
  exploration: ExplorationSettings;
  /** IANA zone where neither contact nor account has one. */
  timeZone: string;
  salt: string;
  holdoutShare: number;
  /** Days for which slots are planned, today the first: 1 to 14; absent: 14. */
  slotDays?: number;
  /** Actions that do not reach all accounts yet; absent: all do. */
  reach?: ReachOfActions;
  /** The usual hours of the week, towards which a contact's own are drawn; absent: towards an even week. */
  hours?: WeekProfiles;
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
