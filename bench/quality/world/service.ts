import type { INestApplicationContext } from '@nestjs/common';
import type { AccountId, ContactId } from '../../../src/catalogue/index.js';
import type { SuggestionId } from '../../../src/recommender/index.js';
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
import { DAYS_OF_WORK, NOT_HERE, OUTCOME, planOf, statementOf } from './declare.js';
import { writePlan } from '../../../scripts/import.js';
import type { EngineView, MarketConsent, MarketOutcome, Morning } from './market.js';
import {
  type CarriedOut,
  type Lived,
  midnightOf,
  MORNING,
  type Opportunity,
  opportunityOf,
  type Player,
  TouchesOfMarket,
  worthiest,
} from './player.js';

const ACTOR = 'market';
const SENDER = { source: ACTOR, recordedBy: ACTOR, publicKey: false };
const EVENING = 20 * HOUR + 30 * MINUTE;
const ACCOUNTS_AT_ONCE = 100;
/** Events in one call: as much as one request may bring. */
const EVENTS_AT_ONCE = 1000;

/** The service in this process, on the market's clock: what happens comes in as from any sender. */
export class ServiceInMarket implements Player {
  private readonly accountIds: AccountId[];
  private readonly touches: TouchesOfMarket;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly clock: ManualClock,
    private readonly view: EngineView,
    private readonly seed: string,
  ) {
    this.accountIds = view.accounts().map(({ accountId }) => accountId as AccountId);
    this.touches = new TouchesOfMarket(view);
  }

  /** Declares the market: catalogue, accounts, consents, rules of contact. */
  async begin(): Promise<void> {
    await writePlan(this.app, planOf(this.view, this.clock.now()), { lanes: 1 });
    const rules = this.app.get(EditContactRules, { strict: false });
    for (const ruleId of NOT_HERE) await rules.remove(ruleId, ACTOR);
    await rules.save([DAYS_OF_WORK], ACTOR);
  }

  async live(morning: Morning): Promise<Lived> {
    const midnight = midnightOf(morning.date);
    this.clock.set(new Date(midnight + MORNING));
    await this.hear(morning);
    await this.app.get(LearnFromOutcomes, { strict: false }).runDue(this.clock.now());
    await this.app.get(RampReach, { strict: false }).runDue(this.clock.now());
    const opportunities = await this.decide(morning.day);
    const chosen = worthiest(opportunities, this.view.budget);
    const events = chosen.map((one) => eventOf(one, this.touches.carryOut(one, morning)));
    this.clock.set(new Date(midnight + EVENING));
    await this.receive(events);
    return { choices: opportunities.length, touched: chosen.map(({ decision }) => decision) };
  }

  private async hear({ events, outcomes, consents }: Morning): Promise<void> {
    await this.receive(events);
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
        const opportunity = opportunityOf(answer.value.decision);
        if (opportunity) found.push(opportunity);
      }
    }
    return found;
  }
}

function eventOf({ decision, place }: Opportunity, { touchId, startedAt, event }: CarriedOut): Json {
  return {
    messageId: `done-${touchId}`,
    accountId: decision.accountId,
    contactId: place.contactId,
    occurredAt: startedAt.toISOString(),
    ...event,
  };
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
