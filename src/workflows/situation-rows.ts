import type { AccountDossier, AccountId, MemberId } from '../catalogue/index.js';
import type { ConsentFact } from '../consent/index.js';
import type { ContactHistory } from '../contact-policy/index.js';
import type { InsightNumbers } from '../insights/index.js';
import type { SuggestionId, suggestionKey } from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import type { SuggestionState } from '../suggestions/index.js';

/** A suggestion that stands, as far as a new decision needs it. */
export interface StandingRow {
  suggestionId: SuggestionId;
  actionId: Parameters<typeof suggestionKey>[0]['actionId'];
  contactId: Parameters<typeof suggestionKey>[0]['contactId'];
  channelId: Parameters<typeof suggestionKey>[0]['channelId'];
  productId: Parameters<typeof suggestionKey>[0]['productId'];
  state: SuggestionState;
  snoozedUntil: Date | null;
}

/** All that is kept of one account and bears on a decision. */
export interface SituationRow {
  dossier: AccountDossier;
  policyEpoch: number;
  stateSequence: number;
  featureSet: string | null;
  state: Buffer | null;
  consents: ConsentFact[];
  history: ContactHistory;
  standing: StandingRow[];
  /** Numbers that insights have published. */
  published: InsightNumbers[];
  /** Suggestions of other accounts that members of the team have seen since `seenFrom`. */
  seen: { memberId: MemberId; accountId: AccountId; seen: number }[];
}

/** Numbers that rise with every change of what is cached in memory. */
export type Versions = Readonly<Record<string, number>>;

/**
 * What decisions read, in one look at the database: of every account the state, the people, the consents, the past and
 * what stands, all of one moment.
 */
export abstract class SituationRows {
  abstract versions(): Promise<Versions>;
  /** In the order asked; unknown accounts are left out. The past is read from `since`. */
  abstract of(
    accountIds: readonly AccountId[],
    times: { at: Date; since: Date; seenFrom: Date },
    within?: Transaction,
  ): Promise<SituationRow[]>;
}
