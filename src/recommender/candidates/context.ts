import type { DecisionContext } from '../decisions/decision.js';
import type { FeatureDefinition, FeatureReadout } from '../../features/index.js';
import type { Intent } from '../../catalogue/index.js';
import { DAY, MINUTE } from '../../shared/index.js';
import type { Offer } from './compiled-catalogue.js';

/** What the customer wants now counts so many times background. */
export const NEED_FACTOR = 3;
/** A topic or product that the moment is about, without having been asked for. */
export const TOPIC_FACTOR = 2;
export const PRODUCT_FACTOR = 2;
/** A need met this recently is not answered a second time. */
export const JUST_MET = (60 * MINUTE) / DAY;

/** Days for which nobody comes back to a question that was asked and answered, unless it is asked again. */
export const ANSWERED_RESTS = 14;

/** What the moment says about one offer. */
export interface Fit {
  factor: number;
  answersNeed: boolean;
}

const NEUTRAL: Fit = { factor: 1, answersNeed: false };

/** What the moment of asking says about offers: what is wanted now, and what has just been given. */
export class MomentOf {
  private readonly wanted: ReadonlySet<string> | null;
  /** It says nothing: every offer fits alike. */
  readonly isNeutral: boolean;

  constructor(
    private readonly context: DecisionContext,
    /** By contact: topics of which a need was met minutes ago. */
    private readonly met: JustMet,
  ) {
    this.wanted = context.need === undefined ? null : new Set(wordsOf(context.need));
    this.isNeutral =
      this.wanted === null && context.topic === undefined && context.productId === undefined && met.none;
  }

  /** The channel on which the customer is now admits no other. */
  admits({ channelId }: Offer['channel']): boolean {
    return this.context.channel === undefined || channelId === this.context.channel;
  }

  fit(offer: Offer): Fit {
    if (this.isNeutral) return NEUTRAL;
    const { topic, productId } = this.context;
    const answersNeed = this.wanted !== null && isWanted(offer, this.wanted);
    if (!answersNeed && this.met.silences(offer)) return { factor: 0, answersNeed: false };
    let factor = answersNeed ? NEED_FACTOR : 1;
    if (topic !== undefined && offer.topics.includes(topic)) factor *= TOPIC_FACTOR;
    if (productId !== undefined && offer.product?.productId === productId) factor *= PRODUCT_FACTOR;
    return { factor, answersNeed };
  }
}

/** Whether one of the offer's topics, or its product's name, stands in the words of the need. */
function isWanted(offer: Offer, wanted: ReadonlySet<string>): boolean {
  const named = offer.product ? [...offer.topics, offer.product.name, offer.product.productId] : offer.topics;
  return named.some((name) => {
    const words = wordsOf(name);
    return words.length > 0 && words.every((word) => wanted.has(word));
  });
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Features that tell how long ago a topic was answered, and how long ago it was read about. */
export interface MetFeatures {
  answered: readonly string[];
  asked: readonly string[];
  read: readonly string[];
}

export function metFeatures(definitions: readonly FeatureDefinition[]): MetFeatures {
  const recencyOf = (event: string) =>
    definitions.filter(isTopicRecency).filter(({ events }) => events.length === 1 && events[0] === event);
  const named = (event: string) => recencyOf(event).map(({ name }) => name);
  return {
    answered: named('Question Answered'),
    asked: named('Question Asked'),
    read: named('Content Viewed'),
  };
}

function isTopicRecency({ kind, by }: FeatureDefinition): boolean {
  return kind === 'recency' && by === 'topic';
}

/**
 * Topics of which a need was met within the hour. An answered question silences its topic, unless it was asked again
 * since; content that was read silences further content on the topic, while an offer to talk about it still stands. What
 * only follows a question up stays silent for longer: it would be asking again.
 */
export class JustMet {
  private readonly answered: ReadonlySet<string>;
  private readonly settled: ReadonlySet<string>;
  private readonly read: ReadonlySet<string>;
  readonly none: boolean;

  constructor(features: MetFeatures, readout: FeatureReadout) {
    const recent = (names: readonly string[]) =>
      names.flatMap((name) =>
        readout.keys(name).filter((topic) => daysSince(name, topic, readout) <= JUST_MET),
      );
    const latest = (names: readonly string[], topic: string) =>
      Math.min(...names.map((name) => daysSince(name, topic, readout)));
    const askedAgain = (topic: string) => latest(features.asked, topic) < latest(features.answered, topic);
    const settled = (topic: string) =>
      latest(features.answered, topic) <= ANSWERED_RESTS &&
      latest(features.asked, topic) < Infinity &&
      !askedAgain(topic);
    this.settled = new Set(features.answered.flatMap((name) => readout.keys(name).filter(settled)));
    this.answered = new Set(recent(features.answered).filter((topic) => !askedAgain(topic)));
    this.read = new Set(recent(features.read));
    this.none = this.answered.size + this.settled.size + this.read.size === 0;
  }

  silences({ topics, action }: Offer): boolean {
    if (topics.some((topic) => this.answered.has(topic))) return true;
    if (FOLLOWS_UP.has(action.intent) && topics.some((topic) => this.settled.has(topic))) return true;
    return action.intent === 'content' && topics.some((topic) => this.read.has(topic));
  }
}

/** What an answer makes pointless: to come back to the question. */
const FOLLOWS_UP: ReadonlySet<Intent> = new Set<Intent>(['follow-up', 'service']);

function daysSince(name: string, topic: string, readout: FeatureReadout): number {
  return readout.value(name, topic) ?? Infinity;
}
