import type { ActionId, ChannelId, OutcomeId, ProductId, TreatmentId } from '../../catalogue/index.js';
import { inputsAt, type VariantCase } from './variant-case.js';

/**
 * Names of the inputs in the order in which a model reads them. Derived from the feature set and the attribute schemas
 * when it is trained, stored with the model, and used to build the inputs when it serves.
 */
export interface InputSchema {
  featureSet: string;
  /**
   * Unkeyed features, and attributes of type number, boolean or date: `feature:daysSinceVisit`, `account:beds`,
   * `contact:age`.
   */
  numbers: readonly string[];
  /** Attributes of type string, and segment, region, country: `account:segment`. */
  categories: readonly string[];
  /** Keyed features read at the candidate's own action, product, topics, channel or treatment: `topicReads@topic`. */
  crosses: readonly string[];
  /**
   * Keyed features read of the account over all their keys: `productEvents90`. Only what is learned between trainings reads
   * them; they are no part of the schema's digest.
   */
  profiles?: readonly string[];
}

/** The account's side: NaN or null where unknown. */
export interface AccountInputs {
  numbers: Float32Array;
  categories: readonly (string | null)[];
  /** 64 places for each of `InputSchema.profiles`; absent where the schema has none. */
  profile?: Float32Array;
}

/** The candidate's side, with the account's history with it. */
export interface CandidateInputs {
  actionId: ActionId;
  channelId: ChannelId;
  treatmentId: TreatmentId | null;
  productId: ProductId | null;
  topics: readonly string[];
  intent: string;
  purpose: string;
  outcomeId: OutcomeId;
  /** Further properties of the action that a model may read as categories, such as its kind of channel. */
  channelKind: string;
  /** In the order of `InputSchema.crosses`; NaN where unknown. */
  crosses: Float32Array;
}

/** One account with one contact, and the candidates that concern it. */
export interface ScoringCase {
  account: AccountInputs;
  candidates: readonly CandidateInputs[];
}

/** A contribution of one named input to the logit of one candidate. */
export interface Contribution {
  input: string;
  value: number;
  weight: number;
}

/**
 * Chance that the action's outcome happens within its window, given that it is suggested (on automatic channels: sent).
 * `learning` fills it; `fallback-rules` stands in before a model exists.
 */
export abstract class PropensityModel {
  abstract readonly name: string;
  abstract readonly version: string;
  /** Null: the model reads nothing of the account (fallback rules). */
  abstract readonly inputSchema: InputSchema | null;
  /** Version of what was learned from outcomes since its training; null: nothing is added to what the model says. */
  readonly headVersion: string | null = null;
  /**
   * One array a case, one propensity in (0, 1) a candidate. Into `corrections` goes, for each case, what was added to
   * the logit of each candidate since the model's training; nothing where nothing was learned.
   */
  abstract score(cases: readonly ScoringCase[], corrections?: Float32Array[]): Float32Array[];
  /**
   * `score` for the variants of a catalogue: the same numbers, into the columns of the case. A model that serves does it
   * without making the inputs of each candidate.
   */
  scoreVariants({ account, variants, values, open, propensities, corrections }: VariantCase): void {
    const candidates = Array.from(open, (place) => inputsAt(variants, values, place));
    const added: Float32Array[] = [];
    const [scores] = this.score([{ account, candidates }], added);
    if (scores?.length !== open.length) {
      throw new Error(`${this.name} ${this.version} gave ${scores?.length ?? 0} scores for ${open.length}`);
    }
    open.forEach((place, index) => {
      propensities[place] = scores[index] as number;
      corrections[place] = added[0]?.[index] ?? 0;
    });
  }
  /**
   * What was learned of when touches on a channel are carried out: by hour of the week in the contact's time (0 is Monday
   * 00:00) what it adds to the logit of the outcome. Null where nothing was. The same array as long as the model stays.
   */
  hoursOf(_outcomeId: string, _channelId: string): Float64Array | null {
    return null;
  }
  /** What made the score of one candidate, largest first by absolute weight. */
  abstract contributions(account: AccountInputs, candidate: CandidateInputs): Contribution[];
  /**
   * How uncertain the correction of a candidate is, as a share of what it was before any outcome; `baseLogit` is its
   * logit without the correction. 1 where nothing was learned.
   */
  uncertainty(_account: AccountInputs, _candidate: CandidateInputs, _baseLogit: number): number {
    return 1;
  }
}

/** The model that serves now; changes when one is promoted, without a restart. */
export abstract class Champion {
  abstract current(): Promise<PropensityModel>;
}
