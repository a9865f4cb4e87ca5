import type {
  ActionId,
  AccountId,
  ChannelId,
  ContactId,
  ContentId,
  Intent,
  MemberId,
  ProductId,
  Purpose,
  Role,
  TreatmentId,
} from '../../catalogue/index.js';
import type { RuleName } from '../../contact-policy/index.js';
import type { Id } from '../../shared/index.js';

export type DecisionId = Id<'decision'>;
export type SuggestionId = Id<'suggestion'>;

/** What the caller asks: which account, perhaps which contact, in which situation. */
export interface Question {
  accountId: AccountId;
  contactId: ContactId | null;
  /** Places to fill. */
  limit: number;
  context: DecisionContext;
  /** Role that will see the answer: the firewall hides what it may not see. Null: a machine or everybody. */
  role: Role | null;
}

export interface DecisionContext {
  channel?: ChannelId;
  topic?: string;
  productId?: ProductId;
  /** What the customer wants now; it outranks background. */
  need?: string;
}

/** A window of time for one channel, in the contact's time zone. */
export interface Slot {
  from: Date;
  to: Date;
  timeZone: string;
}

/** action (with one product, one treatment) × contact × channel, considered for an account. */
export interface Candidate {
  actionId: ActionId;
  productId: ProductId | null;
  treatmentId: TreatmentId | null;
  contentId: ContentId | null;
  contactId: ContactId;
  channelId: ChannelId;
  performedBy: { role: Role | 'automatic'; memberId: MemberId | null };
}

/** A candidate with the factors of its priority. Money in the configured currency. */
export interface ScoredCandidate extends Candidate {
  slot: Slot;
  /** In [0, 1]. */
  propensity: number;
  /** Part of its logit that outcomes since the model's training have added; absent: none. */
  correction?: number;
  /** What suggesting it adds to that chance, and then what its priority rests on; absent: on propensity. */
  incremental?: number;
  value: number;
  /** Product of the context's factors, 1 is neutral. */
  context: number;
  lever: number;
  cost: number;
  /** propensity × value × context × lever − cost. */
  priority: number;
}

/** An alternative in the draw for the first place; candidate null is *no action*. */
export interface Arm {
  candidate: ScoredCandidate | null;
  probability: number;
}

export interface Suppression {
  rule: RuleName;
  count: number;
}

/** With `explain`: every candidate, with what it scored or why it was refused. */
export interface ConsideredCandidate {
  actionId: ActionId;
  channelId: ChannelId;
  contactId: ContactId;
  propensity: number | null;
  priority: number | null;
  rule?: RuleName;
  because?: string;
  until?: Date | null;
  /** What lowers its priority, as factors on it. */
  lowered?: { factor: number; because: string }[];
}

export interface Reason {
  code: string;
  /** Message arguments; the wording is made from catalogues when shown. */
  args: Record<string, string | number>;
  evidence: { eventId: string; name: string; at: Date }[];
  /** Contribution to the logit, or weight of the evidence; the largest first. */
  weight: number;
}

/** One place of the list. */
export interface Placed extends ScoredCandidate {
  suggestionId: SuggestionId;
  rank: number;
  intent: Intent;
  purpose: Purpose;
  /** Exact for the first place; null for later ones. */
  inclusionProbability: number | null;
  expiresAt: Date;
}

export interface Versions {
  catalogue: number;
  rules: number;
  featureSet: string;
  model: string;
  head: string | null;
  prices: string | null;
  /** Digest of the schema in which the snapshot is written; null where the model reads nothing. */
  inputs: string | null;
  /** Head by which the catalogue was valued incrementally; absent: it was valued by propensity. */
  incremental?: string | undefined;
}

/** How the first place was drawn. `mandatory`: it was taken with probability 1. */
export interface DrawRule {
  mode: 'squarecb' | 'greedy' | 'mandatory';
  gamma: number;
  floor: number;
}

/** Why the answer is an empty list. `explored`: *no action* was drawn though something was worth doing. */
export const noActionReasons = [
  'nothing-to-do',
  'nothing-allowed',
  'nothing-worthwhile',
  'explored',
] as const;
export type NoActionReason = (typeof noActionReasons)[number];

/** Immutable record of one answer. */
export interface Decision {
  decisionId: DecisionId;
  accountId: AccountId;
  question: Question;
  decidedAt: Date;
  policyEpoch: number;
  stateSequence: number;
  versions: Versions;
  seed: string;
  draw: DrawRule;
  arms: Arm[];
  /** Place of the drawn arm in `arms`. */
  chosen: number;
  suppressed: Suppression[];
  suggestions: Placed[];
  noAction: { reason: NoActionReason } | null;
  /** Latest time at which this answer may be given again without deciding afresh. */
  expiresAt: Date;
  /** Inputs of the arms as the model read them. */
  snapshot: Uint8Array;
  /** Rescoring run, when it was made by one. */
  runId: string | null;
}

/** What putting a decision before people takes of it: not how it came about. */
export type DecisionOutline = Pick<
  Decision,
  | 'decisionId'
  | 'accountId'
  | 'question'
  | 'decidedAt'
  | 'policyEpoch'
  | 'stateSequence'
  | 'versions'
  | 'suggestions'
  | 'expiresAt'
  | 'runId'
>;
