import { type AccountEvent, touchEvents } from '../../../src/events/index.js';
import type { Decision, Placed } from '../../../src/recommender/index.js';
import { HOUR, type Json, MINUTE } from '../../../src/shared/index.js';
import type { Choice, EngineView, MarketCatalogue, Morning } from './market.js';

/** The day begins before the first slot, after the changes of consent of that morning. */
export const MORNING = 7 * HOUR + 30 * MINUTE;

/** Who decides in the market, day by day. */
export interface Player {
  /** Learns what the market says of itself. */
  begin(): Promise<void>;
  /** One day: hears, learns, decides, touches. */
  live(morning: Morning): Promise<Lived>;
}

export interface Lived {
  /** Accounts for which there was something to do. */
  choices: number;
  touched: readonly Decision[];
}

/** What was decided about an account, and how much that is worth. */
export interface Opportunity {
  decision: Decision;
  place: Placed;
  worth: number;
}

/** Null: there is nothing to do about the account. */
export function opportunityOf(decision: Decision): Opportunity | null {
  const [place] = decision.suggestions;
  const best = decision.arms[0]?.candidate;
  return place && best ? { decision, place, worth: best.priority } : null;
}

/** As many as the budget of the day allows, the worthiest first. */
export function worthiest(opportunities: readonly Opportunity[], budget: number): Opportunity[] {
  return [...opportunities].sort((a, b) => b.worth - a.worth).slice(0, budget);
}

/** What was done, and how its event tells it. */
export interface CarriedOut {
  choice: Choice;
  touchId: string;
  startedAt: Date;
  event: { name: string; properties: AccountEvent['properties'] & Json };
}

/** Carries suggestions out on the day that they are made, in the part of the day that each names. */
export class TouchesOfMarket {
  private readonly catalogue: MarketCatalogue;
  private readonly kinds: ReadonlyMap<string, string>;

  constructor(private readonly view: EngineView) {
    this.catalogue = view.catalogue();
    this.kinds = new Map(this.catalogue.channels.map(({ channelId, kind }) => [channelId, kind]));
  }

  carryOut({ decision, place }: Opportunity, { slots, date }: Morning): CarriedOut {
    const slot = this.slotToday(place.slot.from.getUTCHours(), slots);
    const { actionId, channelId, suggestionId, productId } = place;
    const choice: Choice = { accountId: decision.accountId, actionId, channelId, slot: slot.slot, suggestionId };
    const touchId = this.view.respond(choice);
    const kind = this.kinds.get(channelId);
    return {
      choice,
      touchId,
      startedAt: new Date(midnightOf(date) + slot.fromHour * HOUR),
      event: {
        name: Object.entries(touchEvents).find(([, ofKind]) => ofKind === kind)?.[0] ?? 'Message Sent',
        properties: {
          touchId,
          suggestionId,
          decisionId: decision.decisionId,
          actionId,
          channel: channelId,
          ...(productId === null ? {} : { productId }),
        },
      },
    };
  }

  /** The slot of today in which an hour lies. */
  slotToday(hour: number, today: readonly number[]): MarketCatalogue['slots'][number] {
    const slots = this.catalogue.slots.filter(({ slot }) => today.includes(slot));
    const [first] = slots;
    const slot = slots.findLast(({ fromHour }) => fromHour <= hour) ?? first;
    if (!slot) throw new Error('The market has no slot today');
    return slot;
  }
}

export function midnightOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getTime();
}
