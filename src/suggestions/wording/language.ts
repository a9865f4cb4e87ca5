import type { ChannelKind, Intent } from '../../catalogue/index.js';
import type { ReasonCode } from '../reasons.js';
import type { Counted } from './deeds.js';

/** Arguments of a reason's sentence, with what the language makes of numbers and days. */
export interface Sentence {
  /** Who did it: a contact's name, or somebody of the account. */
  who: string;
  /** Topic, product, channel or action that it is about; empty: nothing in particular. */
  subject: string;
  count: number;
  /** Of how many, where the count is a part of something. */
  of: number;
  /** Kind of channel on which they were approached before; null: not said. */
  after: ChannelKind | null;
  /** Usual days between two orders; 0: not said. */
  every: number;
  /** Days since the last event. */
  daysAgo: number;
  /** Another product that leads to this one, and how many accounts bought both. */
  other: string;
  accounts: number;
  /** What was done, the most frequent first. */
  done: readonly Counted[];
  /** Name of the latest event, in words of the language where it has them. */
  event: string;
  /** Day (and, if it is today, time) of the last event, as it stands in a sentence: "today at 14:05". */
  last: string;
  /** Number in the digits of the language. */
  number: (value: number) => string;
  /** One of the forms by the plural category of the count (CLDR). */
  plural: (count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }) => string;
  /** "a, b and c". */
  list: (parts: readonly string[]) => string;
}

/** What a suggestion says at first sight. */
export interface Headline {
  channelKind: ChannelKind | undefined;
  channel: string;
  automatic: boolean;
  contact: string;
  intent: Intent;
  action: string;
  /** At most two; empty where the action has none of its own. */
  topics: readonly string[];
  product: string | null;
  /** "today 14–16 h" */
  slot: string;
  list: (parts: readonly string[]) => string;
}

/** A day beside now: how far away it is, and how it is written out. */
export interface Day {
  /** Calendar days from today: −1 is yesterday. */
  away: number;
  /** Name of the weekday, and the date. */
  weekday: string;
  date: string;
}

/** One language: everything that is said in it stands in one file. */
export interface Language {
  /** BCP 47, with calendar and digits. */
  locale: string;
  /** Names of events as a person says them; others are said as they are called. */
  events: Readonly<Record<string, string>>;
  /** Topics are ids; those that are common have a name. */
  topics: Readonly<Record<string, string>>;
  /** Who did it where no name is known. */
  somebody: (account: string | null) => string;
  reasons: Readonly<Record<ReasonCode, (sentence: Sentence) => string>>;
  /** When something happened; `time` is given for today. */
  happened: (day: Day, time: string) => string;
  headline: (headline: Headline) => string;
  /** A slot; hours are whole ("14") or with minutes ("14:30"). */
  slot: (day: Day, from: string, to: string) => string;
}
