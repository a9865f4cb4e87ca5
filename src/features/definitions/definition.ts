import type { Stage } from '../../catalogue/index.js';

/** What a keyed feature is kept apart by: one value per action, per product, … that the events name. */
export const featureKeys = ['action', 'product', 'topic', 'channel', 'treatment', 'role', 'event'] as const;
export type FeatureKey = (typeof featureKeys)[number];

interface Common {
  /** camelCase, unique: the name in CEL, in the API and in reasons. */
  name: string;
  per: 'account' | 'contact';
  by?: FeatureKey;
  /** Names of the events it reads; `'*'` reads all. */
  events: readonly string[] | '*';
  /** Only events whose properties equal these. */
  where?: Readonly<Record<string, string | number | boolean>>;
  unit: string;
  description: string;
  /** Left out of the model's inputs when false. */
  model?: boolean;
}

/** A feature is data; its kind is code. New kinds are added here and in `kinds/`, or do not compile. */
export type FeatureDefinition = Common &
  /** Number of such events; each event of `less` takes one away (asked less answered), never below 0. */
  (
    | { kind: 'count'; less?: readonly string[] }
    /** Sum of `value` (a property; absent: 1 per event), each halved every `halfLifeDays`. */
    | { kind: 'decayed-sum'; halfLifeDays: number; value?: string }
    /** Days since the last such event. */
    | { kind: 'recency' }
    /** Days since the first such event. */
    | { kind: 'tenure' }
    /**
     * Decayed top over decayed bottom, drawn towards `prior` with the weight of `strength` events; with 0 the plain share,
     * unknown before the first bottom.
     */
    | { kind: 'rate'; bottom: readonly string[]; halfLifeDays: number; prior: number; strength: number }
    /** Decayed mean of a property. */
    | { kind: 'mean'; value: string; halfLifeDays: number }
    /**
     * Sum of `value` (absent: 1 per event) a day, since the owner's first event of any name; `leastDays` are added to
     * the days, so that a short log does not exaggerate.
     */
    | { kind: 'pace'; leastDays: number; value?: string }
    /** Share of events in each hour of the week (168 bins, Monday 00:00 first) in the contact's local time. */
    | { kind: 'histogram' }
    /** Number of different values of a property seen in the last `windowDays`. */
    | { kind: 'diversity'; value: string; windowDays: number }
    /**
     * Furthest stage reached in the last `windowDays`, 0 for none, then 1 to 5 (aware … advocate). An event says its
     * stage in its property `stage`; `stages` tells that of events which do not.
     */
    | { kind: 'stage'; windowDays: number; stages?: Readonly<Record<string, Stage>> }
    /**
     * A number of the account that an insight publishes now and then: read as it was published, folded from nothing.
     * `events` are those that stand behind it as evidence.
     */
    | {
        kind: 'published';
        insight: string;
        /** Sentence that tells it: a reason code of the suggestions. Absent: it is no reason. */
        reason?: string;
        /** The larger, the likelier: the declared rules count it as interest in the product. */
        interest?: boolean;
      }
  );

export type FeatureKindName = FeatureDefinition['kind'];

/** Definitions whose value is a fold of events: all that make up an account's state. */
export type FoldedDefinition = Exclude<FeatureDefinition, { kind: 'published' }>;
export type FoldedKindName = FoldedDefinition['kind'];

export function isFolded(definition: FeatureDefinition): definition is FoldedDefinition {
  return definition.kind !== 'published';
}

/** The definitions of one kind. */
export type SpecOf<Kind extends FeatureKindName> = Extract<FeatureDefinition, { kind: Kind }>;
