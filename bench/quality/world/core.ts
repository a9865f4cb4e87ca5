import type { Catalogue } from '../../../src/catalogue/index.js';
import { standardRules } from '../../../src/contact-policy/index.js';
import { compileFeatureSet, standardFeatures } from '../../../src/features/index.js';
import type { ImportPlan } from '../../../src/importers/index.js';
import {
  CorrectedModel,
  EvidenceLedger,
  InputScales,
  OnlineHead,
  priors,
  trialInputs,
  trialKeys,
  unpackOutcomes,
} from '../../../src/learning/index.js';
import type { KeptTrial, Trial } from '../../../src/outcomes/index.js';
import {
  buildInputSchema,
  type Decision,
  type DecisionId,
  FallbackRules,
  type InputSchema,
  type PropensityModel,
  recommend,
  type SuggestionId,
  withProfiles,
  type World,
} from '../../../src/recommender/index.js';
import { addDays } from '../../../src/shared/index.js';
import { AccountsInMemory } from './core-accounts.js';
import { DAYS_OF_WORK, NOT_HERE, OUTCOME, planOf, SLOT_DAYS, statementOf, WITHIN_DAYS } from './declare.js';
import type { EngineView, MarketOutcome, Morning } from './market.js';
import {
  type Lived,
  midnightOf,
  MORNING,
  type Opportunity,
  opportunityOf,
  type Player,
  TouchesOfMarket,
  worthiest,
} from './player.js';

const ZONE = 'UTC';
/** As a new installation explores. */
const EXPLORATION: World['exploration'] = { mode: 'squarecb', gamma: 40, floor: 0.005, maxArms: 10 };

/**
 * The engine's core in this process: the features, rules, decisions and learning of the service, without its database,
 * queues and ingestion, so that a change of them is tried in minutes.
 */
export class CoreInMarket implements Player {
  private readonly featureSet = compileFeatureSet([...standardFeatures]);
  private readonly catalogue: Catalogue;
  private readonly accounts: AccountsInMemory;
  private readonly schema: InputSchema;
  private readonly rules: FallbackRules;
  private readonly ledger: EvidenceLedger;
  private readonly scales: InputScales;
  private readonly touches: TouchesOfMarket;
  private readonly trials = new Map<SuggestionId, KeptTrial>();
  /** Those whose inputs were not read yet. */
  private readonly decisions = new Map<DecisionId, Decision>();
  private open: KeptTrial[] = [];
  private suggestions = 0;
  private heads = 0;

  constructor(
    private readonly view: EngineView,
    private readonly seed: string,
    start: Date,
  ) {
    const plan = planOf(view, start);
    this.catalogue = catalogueOf(plan);
    this.accounts = new AccountsInMemory(this.featureSet, ZONE, plan);
    const { definitions } = this.featureSet;
    this.schema = withProfiles(buildInputSchema(this.featureSet, this.catalogue.schemas), definitions);
    this.rules = new FallbackRules(this.schema, definitions);
    this.scales = new InputScales(this.schema, definitions, []);
    this.ledger = new EvidenceLedger(
      'rules',
      { schema: this.schema, definitions, keysOf: (trial) => trialKeys(trial, this.catalogue) },
      { prior: priors.rules, trainedUntil: null },
      { asOf: start, arms: [], delays: new Map(), head: null },
    );
    this.touches = new TouchesOfMarket(view);
  }

  async begin(): Promise<void> {
    // what the market says of itself was read when this was made
  }

  async live(morning: Morning): Promise<Lived> {
    const at = new Date(midnightOf(morning.date) + MORNING);
    for (const event of morning.events) this.accounts.fold(event);
    for (const consent of morning.consents) this.accounts.consent(consent.contactId, statementOf(consent, at));
    await this.learn(morning.outcomes, at);
    const opportunities = this.decide(morning.day, at);
    const chosen = worthiest(opportunities, this.view.budget);
    for (const one of chosen) this.touch(one, morning, at);
    return { choices: opportunities.length, touched: chosen.map(({ decision }) => decision) };
  }

  private async learn(outcomes: readonly MarketOutcome[], at: Date): Promise<void> {
    this.ledger.moveTo(at);
    const due = new Set(this.open.filter(({ nextAt }) => nextAt !== null && nextAt <= at));
    for (const { suggestionId, occurredAt, value } of outcomes) {
      const kept = this.trials.get((suggestionId ?? '') as SuggestionId);
      const outcomeAt = new Date(occurredAt);
      if (!kept || outcomeAt > kept.trial.closesAt) continue;
      kept.trial = { ...kept.trial, label: 1, outcomeAt, value };
      due.add(kept);
    }
    for (const kept of due) Object.assign(kept, this.counted(kept, at));
    this.open = this.open.filter(({ nextAt }) => nextAt !== null);
    if (this.ledger.needsFit(at)) await this.ledger.fit();
  }

  private counted({ trial, counted, nextAt }: KeptTrial, at: Date): KeptTrial {
    const { catalogue, scales } = this;
    const over = trial.label === null && trial.closesAt <= at;
    const seen: KeptTrial = { trial: over ? { ...trial, label: 0 } : trial, counted, nextAt };
    const now = this.ledger.count(seen, (one) => {
      const decision = this.decisions.get(one.decisionId);
      return decision ? trialInputs(one, decision, this.rules, { catalogue, scales }) : null;
    });
    if (now.counted.inputs) this.decisions.delete(trial.decisionId);
    return now;
  }

  private model(): PropensityModel {
    if (this.ledger.all.length === 0) return this.rules;
    this.heads += 1;
    const learned = unpackOutcomes(this.ledger.head(), this.schema, this.featureSet.definitions);
    return new CorrectedModel(this.rules, new OnlineHead(`${this.heads}`, learned));
  }

  private decide(day: number, at: Date): Opportunity[] {
    const world: World = {
      catalogue: this.catalogue,
      rules: { version: 1, rules: RULES },
      featureSet: this.featureSet,
      model: this.model(),
      baseline: this.rules,
      exploration: EXPLORATION,
      timeZone: ZONE,
      salt: '',
      holdoutShare: 0,
      slotDays: SLOT_DAYS,
    };
    const requests = this.accounts.ids.map((accountId) => ({
      question: { accountId, contactId: null, limit: 1, context: {}, role: null },
      situation: this.accounts.situation(accountId, at),
      at,
      decisionId: `${day}:${accountId}` as DecisionId,
      seed: `${this.seed}:${day}:${accountId}`,
      nextSuggestionId: () => `${(this.suggestions += 1)}` as SuggestionId,
      runId: null,
    }));
    return requests.flatMap((request) =>
      recommend([request], world).flatMap(({ decision }) => opportunityOf(decision) ?? []),
    );
  }

  private touch(opportunity: Opportunity, morning: Morning, decidedAt: Date): void {
    const { decision, place } = opportunity;
    const { accountId, decisionId } = decision;
    const { actionId, channelId, productId, contactId, suggestionId, propensity, value, rank } = place;
    const { touchId, startedAt, event } = this.touches.carryOut(opportunity, morning);
    this.accounts.fold({ messageId: `done-${touchId}`, accountId, occurredAt: startedAt, ...event });
    const productIds = productId === null ? [] : [productId];
    this.accounts.touched(accountId, { channelId, purpose: 'marketing', actionId, productIds, at: startedAt });
    const trial: Trial = {
      accountId,
      trialId: touchId,
      startedAt,
      closesAt: addDays(startedAt, WITHIN_DAYS),
      contactId,
      actionId,
      channelId,
      productId,
      outcomeId: OUTCOME,
      decisionId,
      decidedAt,
      suggestionId,
      rank,
      label: null,
      outcomeAt: null,
      value: null,
      offeredValue: value,
      propensity,
    };
    const kept: KeptTrial = { trial, counted: { model: null, inputs: null, label: null, weight: 0 }, nextAt: startedAt };
    this.trials.set(suggestionId, kept);
    this.open.push(kept);
    this.decisions.set(decisionId, decision);
  }
}

const RULES = [...standardRules.filter(({ ruleId }) => ![...NOT_HERE, DAYS_OF_WORK.ruleId].includes(ruleId)), DAYS_OF_WORK];

/** The catalogue that the service would have after the plan was written. */
function catalogueOf(plan: ImportPlan): Catalogue {
  const catalogue = {
    version: 1,
    products: new Map(),
    content: new Map(),
    channels: new Map(),
    outcomes: new Map(),
    actions: new Map(),
    treatments: new Map(),
    schemas: { account: {}, contact: {} },
  };
  for (const step of plan.catalogue) {
    if (step.kind === 'attribute-schemas')
      for (const { kind, attributes } of step.records) catalogue.schemas[kind] = attributes;
    if (step.kind === 'products') for (const one of step.records) catalogue.products.set(one.productId, one);
    if (step.kind === 'channels') for (const one of step.records) catalogue.channels.set(one.channelId, one);
    if (step.kind === 'outcome-definitions')
      for (const one of step.records) catalogue.outcomes.set(one.outcomeId, one);
    if (step.kind === 'actions')
      for (const one of step.records) {
        catalogue.actions.set(one.actionId, one);
        catalogue.treatments.set(one.actionId, []);
      }
  }
  return catalogue;
}
