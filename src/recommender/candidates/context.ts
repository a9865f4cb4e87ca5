import type { DecisionContext } from '../decisions/decision.js';
import type { FeatureDefinition, FeatureReadout } from '../../features/index.js';
import { DAY, MINUTE } from '../../shared/index.js';
import type { Offer } from './compiled-catalogue.js';

/** What the customer wants now counts so many times background. */
export const NEED_FACTOR = 3;
/** A topic or product that the moment is about, without having been asked for. */
export const TOPIC_FACTOR = 2;
export const PRODUCT_FACTOR = 2;
/** A need met this recently is not answered a second time. */
export const JUST_MET = (60 * MINUTE) / DAY;

/** What the moment says about one offer. */
export interface Fit {
  factor: number;
  answersNeed: boolean;
}

const NEUTRAL: Fit = { factor: 1, answersNeed: false };

/** What the moment of asking says about offers: what is wanted now, and what has just been given. */
export class MomentOf {
  private readonly wanted: ReadonlySet<string> | null;
  private readonly neutral: boolean;

  constructor(
    private readonly context: DecisionContext,
    /** By contact: topics of which a need was met minutes ago. */
    private readonly met: JustMet,
  ) {
    this.wanted = context.need === undefined ? null : new Set(wordsOf(context.need));
    this.neutral =
      this.wanted === null && context.topic === undefined && context.productId === undefined && met.none;
  }

  /** The channel on which the customer is now admits no other. */
  admits(offer: Offer): boolean {
    return this.context.channel === undefined || offer.channel.channelId === this.context.channel;
  }

  fit(offer: Offer): Fit {
    if (this.neutral) return NEUTRAL;
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
 * since; content that was read silences further content on the topic, while an offer to talk about it still stands.
 */
export class JustMet {
  private readonly answered: ReadonlySet<string>;
  private readonly read: ReadonlySet<string>;
  readonly none: boolean;

  constructor(features: MetFeatures, readout: FeatureReadout) {
    const recent = (names: readonly string[]) =>
      names.flatMap((name) =>
        readout.keys(name).filter((topic) => daysSince(name, topic, readout) <= JUST_MET),
      );
    const askedAgain = (topic: string) =>
      Math.min(...features.asked.map((name) => daysSince(name, topic, readout))) <
      Math.min(...features.answered.map((name) => daysSince(name, topic, readout)));
    this.answered = new Set(recent(features.answered).filter((topic) => !askedAgain(topic)));
    this.read = new Set(recent(features.read));
    this.none = this.answered.size === 0 && this.read.size === 0;
  }

  silences({ topics, action }: Offer): boolean {
    if (topics.some((topic) => this.answered.has(topic))) return true;
    return action.intent === 'content' && topics.some((topic) => this.read.has(topic));
  }
}

function daysSince(name: string, topic: string, readout: FeatureReadout): number {
  return readout.value(name, topic) ?? Infinity;
}
