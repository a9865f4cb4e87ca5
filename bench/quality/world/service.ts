import type { INestApplicationContext } from '@nestjs/common';
import type { AccountId, ContactId } from '../../../src/catalogue/index.js';
import type { ContactRule, RuleId } from '../../../src/contact-policy/index.js';
import { touchEvents } from '../../../src/events/index.js';
import type { Decision, SuggestionId } from '../../../src/recommender/index.js';
import { HOUR, type Json, type ManualClock, MINUTE } from '../../../src/shared/index.js';
import {
  Decide,
  EditContactRules,
  LearnFromOutcomes,
  RampReach,
  ReceiveEvents,
  RecordConsent,
  RecordOutcome,
} from '../../../src/workflows/index.js';
import { OUTCOME, planOf, statementOf } from './declare.js';
import { writePlan } from '../../../scripts/import.js';
import type { Choice, EngineView, MarketCatalogue, MarketConsent, MarketOutcome, Morning } from './market.js';

const ACTOR = 'market';
const SENDER = { source: ACTOR, recordedBy: ACTOR, publicKey: false };
/** The day begins before the first slot, after the changes of consent of that morning. */
const MORNING = 7 * HOUR + 30 * MINUTE;
const EVENING = 20 * HOUR + 30 * MINUTE;
const ACCOUNTS_AT_ONCE = 100;
/** Events in one call: as much as one request may bring. */
const EVENTS_AT_ONCE = 1000;

/** What the service decided to do about an account, and how much that is worth. */
interface Opportunity {
  decision: Decision;
  worth: number;
}

/** Standard rules that contradict how this market lets itself be contacted: every day of the week, once a day. */
const NOT_HERE = ['cap-marketing-email', 'cap-all-touches'] as RuleId[];
const DAYS_OF_WORK: ContactRule = {
  ruleId: 'quiet-hours' as RuleId,
  kind: 'quiet-hours',
  from: '20:00',
  to: '08:00',
  restDays: [],
};

/** The service in this process, on the market's clock: what happens comes in as from any sender. */
export class ServiceInMarket {
  private readonly catalogue: MarketCatalogue;
  private readonly accountIds: AccountId[];
  private readonly kinds: ReadonlyMap<string, string>;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly clock: ManualClock,
    private readonly view: EngineView,
    private readonly seed: string,
  ) {
    this.catalogue = view.catalogue();
    this.accountIds = view.accounts().map(({ accountId }) => accountId as AccountId);
    this.kinds = new Map(this.catalogue.channels.map(({ channelId, kind }) => [channelId, kind]));
  }

  /** Declares the market: catalogue, accounts, consents, rules of contact. */
  async begin(): Promise<void> {
    await writePlan(this.app, planOf(this.view, this.clock.now()), { lanes: 1 });
    const rules = this.app.get(EditContactRules, { strict: false });
    for (const ruleId of NOT_HERE) await rules.remove(ruleId, ACTOR);
    await rules.save([DAYS_OF_WORK], ACTOR);
  }

  /** One day: hears, learns, decides, touches. Gives what it did. */
  async live(morning: Morning): Promise<{ choices: number; touched: Decision[] }> {
    const midnight = new Date(`${morning.date}T00:00:00Z`).getTime();
    this.clock.set(new Date(midnight + MORNING));
    await this.hear(morning);
    await this.app.get(LearnFromOutcomes, { strict: false }).runDue(this.clock.now());
    await this.app.get(RampReach, { strict: false }).runDue(this.clock.now());
    const opportunities = await this.decide(morning.day);
    const chosen = [...opportunities].sort((a, b) => b.worth - a.worth).slice(0, this.view.budget);
    const events: Json[] = [];
    for (const { decision } of chosen) events.push(this.touch(decision, morning, midnight));
    this.clock.set(new Date(midnight + EVENING));
    await this.receive(events);
    return { choices: opportunities.length, touched: chosen.map(({ decision }) => decision) };
  }

  private async hear({ events, outcomes, consents }: Morning): Promise<void> {
    await this.receive(events as Json[]);
    const record = this.app.get(RecordOutcome, { strict: false });
    const { refused } = await record.many(outcomes.filter(named).map(reportOf));
    if (refused.length > 0) throw new Error(`Outcomes were refused: ${JSON.stringify(refused[0])}`);
    await this.consent(consents);
  }

  private async receive(events: readonly Json[]): Promise<void> {
    const receive = this.app.get(ReceiveEvents, { strict: false });
    for (let from = 0; from < events.length; from += EVENTS_AT_ONCE) {
      const some = events.slice(from, from + EVENTS_AT_ONCE);
      const { quarantined } = await receive.receive(some, 'native', SENDER, false);
      if (quarantined.length > 0) throw new Error(`Events were set aside: ${JSON.stringify(quarantined[0])}`);
    }
  }

  private async consent(consents: readonly MarketConsent[]): Promise<void> {
    if (consents.length === 0) return;
    const inputs = consents.map((consent) => ({
      contactId: consent.contactId as ContactId,
      ...statementOf(consent, this.clock.now()),
    }));
    const { refused } = await this.app.get(RecordConsent, { strict: false }).many(inputs, ACTOR);
    if (refused.length > 0) throw new Error(`Consents were refused: ${JSON.stringify(refused[0])}`);
  }

  /** Decides for every account; those for which there is something to do. */
  private async decide(day: number): Promise<Opportunity[]> {
    const decide = this.app.get(Decide, { strict: false });
    const found: Opportunity[] = [];
    for (let from = 0; from < this.accountIds.length; from += ACCOUNTS_AT_ONCE) {
      const questions = this.accountIds
        .slice(from, from + ACCOUNTS_AT_ONCE)
        .map((accountId) => ({ accountId, contactId: null, limit: 1, context: {}, role: null }));
      for (const answer of await decide.batch(questions, { fresh: true, seed: `${this.seed}:${day}` })) {
        if (!answer.ok) throw new Error(`No decision: ${JSON.stringify(answer.error)}`);
        const { decision } = answer.value;
        const [best] = decision.arms;
        if (decision.suggestions.length > 0 && best?.candidate)
          found.push({ decision, worth: best.candidate.priority });
      }
    }
    return found;
  }

  /** Carries out the suggestion today, in the part of the day that it names; gives the event of the touch. */
  private touch(decision: Decision, { slots }: Morning, midnight: number): Json {
    const [place] = decision.suggestions;
    if (!place) throw new Error('An opportunity has a suggestion');
    const slot = this.slotToday(place.slot.from.getUTCHours(), slots);
    const suggestionId: SuggestionId = place.suggestionId;
    const choice: Choice = {
      accountId: decision.accountId,
      actionId: place.actionId,
      channelId: place.channelId,
      slot: slot.slot,
      suggestionId,
    };
    const touchId = this.view.respond(choice);
    const kind = this.kinds.get(place.channelId);
    const name = Object.entries(touchEvents).find(([, ofKind]) => ofKind === kind)?.[0] ?? 'Message Sent';
    return {
      messageId: `done-${touchId}`,
      name,
      accountId: decision.accountId,
      contactId: place.contactId,
      occurredAt: new Date(midnight + slot.fromHour * HOUR).toISOString(),
      properties: {
        touchId,
        suggestionId,
        decisionId: decision.decisionId,
        actionId: place.actionId,
        channel: place.channelId,
        ...(place.productId === null ? {} : { productId: place.productId }),
      },
    };
  }

  private slotToday(hour: number, today: readonly number[]): MarketCatalogue['slots'][number] {
    const slots = this.catalogue.slots.filter(({ slot }) => today.includes(slot));
    const [first] = slots;
    const slot = slots.findLast(({ fromHour }) => fromHour <= hour) ?? first;
    if (!slot) throw new Error('The market has no slot today');
    return slot;
  }
}

const named = ({ suggestionId }: MarketOutcome): boolean => suggestionId !== undefined;

function reportOf({ outcomeRef, accountId, contactId, value, occurredAt, suggestionId }: MarketOutcome) {
  return {
    outcomeRef,
    outcomeId: OUTCOME,
    accountId: accountId as AccountId,
    contactId: contactId as ContactId,
    value,
    occurredAt: new Date(occurredAt),
    decisionId: null,
    suggestionId: (suggestionId ?? null) as SuggestionId | null,
  };
}
