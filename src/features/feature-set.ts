import type { ContactId } from '../catalogue/index.js';
import type { AccountEvent } from '../events/index.js';
import type { FeatureDefinition, FeatureKey } from './definitions/definition.js';

/**
 * What we know of one account and its contacts: the fold of its events. Opaque outside this folder; compact, and
 * independent of the order and batching of events (counts exactly, decayed sums to 1e-9).
 */
export interface AccountState {
  readonly featureSet: string;
}

/** What insights have published of one account. */
export interface PublishedNumbers {
  /** Undefined: not published for this account. A keyed one is asked with its key. */
  value(name: string, key?: string): number | undefined;
  keys(name: string): readonly string[];
}

/** Features of one account as seen with one of its contacts, at one moment. Read it before the state is folded further. */
export interface FeatureReadout {
  /** Undefined: nothing is known, or there is no such feature. A keyed feature is asked with its key. */
  value(name: string, key?: string): number | undefined;
  /** Keys that a keyed feature has values for. */
  keys(name: string): readonly string[];
  /** Every key of a keyed feature with its value, undefined where nothing is known. */
  each(name: string, visit: (key: string, value: number | undefined) => void): void;
  /**
   * Unkeyed features by name for CEL, all or those asked for; what is not known has its kind's natural value (recency:
   * +Infinity, sums: 0, published: NaN, which compares with nothing).
   */
  scalars(names?: readonly string[]): Readonly<Record<string, number>>;
  /** The 168 shares of a histogram; undefined when nothing is known. */
  histogram(name: string): Float32Array | undefined;
  /** Events that a histogram has counted; 0 when nothing is known. */
  histogramEvents(name: string): number;
}

/**
 * The declared features at one version. The online path, the nightly run and training all go through this. A contact of
 * null reads the account with all its contacts together.
 */
export abstract class FeatureSet {
  /** Digest of what decides the values: wording may change under the same version. */
  abstract readonly version: string;
  abstract readonly definitions: readonly FeatureDefinition[];
  abstract empty(): AccountState;
  /**
   * Changes `state`; one event costs the definitions that read it only. `timeZone` is the contact's own (IANA), for the
   * hour of the week; a name that is none counts as UTC.
   */
  abstract fold(state: AccountState, event: AccountEvent, context: { timeZone: string }): void;
  abstract read(
    state: AccountState,
    contactId: ContactId | null,
    at: Date,
    published?: PublishedNumbers,
  ): FeatureReadout;
  abstract encode(state: AccountState): Buffer;
  /** Throws when the bytes are of another version: rebuild from the log. */
  abstract decode(bytes: Buffer, version: string): AccountState;
}

/** Features that insights publish; filled by a global module of those who compute them. */
export abstract class PublishedFeatures {
  abstract readonly definitions: readonly FeatureDefinition[];
}

export type { FeatureDefinition, FeatureKey };
