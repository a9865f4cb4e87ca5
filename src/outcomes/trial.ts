import type { AccountId, ActionId, ChannelId, ContactId, OutcomeId, ProductId } from '../catalogue/index.js';
import type { DecisionId, SuggestionId } from '../recommender/index.js';
import { addDays, MINUTE } from '../shared/index.js';
import { type CompiledOutcome, type CreditableTouch, creditsOf } from './attribution.js';
import type { Outcome } from './outcome.js';
import type { AttributableEvent } from './touches-to-credit.js';

/**
 * A suggestion that was carried out: from its touch (or from the report that it is completed) it awaits the outcome that
 * its action names. The unit is the same as that of training: a touch.
 */
export interface Trial {
  accountId: AccountId;
  /** The touch's id; the suggestion's where no touch is known. */
  trialId: string;
  startedAt: Date;
  /** End of the attribution window. */
  closesAt: Date;
  contactId: ContactId | null;
  actionId: ActionId;
  channelId: ChannelId;
  productId: ProductId | null;
  outcomeId: OutcomeId;
  /** The last decision before it that suggested the action for the contact on the channel. */
  decisionId: DecisionId;
  decidedAt: Date;
  suggestionId: SuggestionId;
  rank: number;
  /** 1: the outcome came in its window; 0: it did not; null: the window is open and it has not come yet. */
  label: 0 | 1 | null;
  outcomeAt: Date | null;
  /** Worth of the outcome, in the configured currency; null without one. */
  value: number | null;
  /** What the suggestion said that the outcome would be worth. */
  offeredValue: number;
  /** As it was served. */
  propensity: number;
}

/** A suggestion that a touch may have carried out. */
export interface CarriedOut {
  suggestionId: SuggestionId;
  decisionId: DecisionId;
  decidedAt: Date;
  contactId: ContactId;
  actionId: ActionId;
  channelId: ChannelId;
  productId: ProductId | null;
  outcomeId: OutcomeId;
  rank: number;
  propensity: number;
  offeredValue: number;
  /** When somebody reported that it was carried out; null: nobody did. */
  completedAt: Date | null;
}

export interface AccountTrials {
  accountId: AccountId;
  touches: readonly CreditableTouch[];
  suggestions: readonly CarriedOut[];
  events: readonly AttributableEvent[];
  reported: readonly Outcome[];
  /** Trials that are known already: what they were bound to stays. */
  known: readonly Trial[];
  at: Date;
}

/** Days after a decision in which a touch that names no suggestion may still be its carrying out. */
const CARRIED_OUT_WITHIN_DAYS = 30;
/** A sender's clock may be so much behind. */
const CLOCKS_APART = 5 * MINUTE;

/**
 * The trials of one account as they follow from its past: which suggestions were carried out, and what came of them. For
 * each contact and action an outcome is credited to the last trial in whose window it lies. The same past gives the same
 * trials, whatever was known before.
 */
export function trialsOf(past: AccountTrials, outcomes: readonly CompiledOutcome[]): Trial[] {
  const withTouch = touched(past);
  const trials = [...withTouch, ...completed(past, withTouch)].flatMap((started) => {
    const outcome = outcomes.find(({ outcomeId }) => outcomeId === started.touch.outcomeId);
    return outcome ? [{ ...started, outcome }] : [];
  });
  const groups = new Map<string, typeof trials>();
  for (const trial of trials) {
    const key = `${trial.suggestion.contactId}\u0000${trial.touch.actionId}`;
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  return [...groups.values()].flatMap((group) => labelled(group, past));
}

interface Started {
  touch: CreditableTouch;
  trialId: string;
  suggestion: Pick<
    CarriedOut,
    | 'suggestionId'
    | 'decisionId'
    | 'decidedAt'
    | 'contactId'
    | 'productId'
    | 'rank'
    | 'propensity'
    | 'offeredValue'
  >;
}

function touched({ touches, suggestions, known }: AccountTrials): Started[] {
  const bound = new Map(known.map((trial) => [trial.trialId, trial]));
  return touches.flatMap((touch): Started[] => {
    if (touch.touchId === null) return [];
    const before = bound.get(touch.touchId);
    const suggestion = before ? boundTo(before, touch) : carriedOutBy(touch, suggestions);
    return suggestion ? [{ touch, trialId: touch.touchId, suggestion }] : [];
  });
}

function boundTo(trial: Trial, touch: CreditableTouch): Started['suggestion'] {
  const contactId = (trial.contactId ?? touch.contactId) as ContactId;
  return { ...trial, contactId };
}

/** The suggestion that the touch names; else the last one of the same action, contact and channel before it. */
function carriedOutBy(touch: CreditableTouch, suggestions: readonly CarriedOut[]): CarriedOut | undefined {
  const since = addDays(touch.at, -CARRIED_OUT_WITHIN_DAYS);
  const latest = new Date(touch.at.getTime() + CLOCKS_APART);
  let found: CarriedOut | undefined;
  for (const suggestion of suggestions) {
    const { suggestionId, decisionId, decidedAt, actionId, channelId, contactId } = suggestion;
    if (decidedAt > latest || decidedAt < since) continue;
    if (actionId !== touch.actionId || channelId !== touch.channelId) continue;
    if (touch.contactId !== null && contactId !== touch.contactId) continue;
    if (touch.suggestionId === suggestionId || touch.decisionId === decisionId) return suggestion;
    if (!found || decidedAt > found.decidedAt) found = suggestion;
  }
  return found;
}

/** Suggestions that were reported as completed, and of which no touch is known. */
function completed({ suggestions, known }: AccountTrials, withTouch: readonly Started[]): Started[] {
  const bound = new Map(known.map((trial) => [trial.trialId, trial]));
  const taken = new Set(withTouch.map(({ suggestion }) => suggestion.suggestionId));
  return suggestions.flatMap((suggestion): Started[] => {
    const { completedAt, suggestionId, contactId, actionId, channelId, productId, outcomeId } = suggestion;
    if (completedAt === null || taken.has(suggestionId)) return [];
    const touch: CreditableTouch = {
      contactId,
      actionId,
      channelId,
      outcomeId,
      suggestionId,
      at: completedAt,
      productIds: productId === null ? [] : [productId],
      decisionId: suggestion.decisionId,
      treatmentId: null,
      touchId: null,
    };
    const before = bound.get(suggestionId);
    return [{ touch, trialId: suggestionId, suggestion: before ? boundTo(before, touch) : suggestion }];
  });
}

function labelled(group: readonly (Started & { outcome: CompiledOutcome })[], past: AccountTrials): Trial[] {
  const [first] = group;
  if (!first) return [];
  const touches = group.map(({ touch, suggestion }) => ({
    ...touch,
    suggestionId: suggestion.suggestionId,
    decisionId: suggestion.decisionId,
  }));
  const credits = creditsOf(touches, past.events, past.reported, [first.outcome], 'last');
  return group.map(({ touch, trialId, suggestion, outcome }, place): Trial => {
    const own = credits
      .filter((credit) => credit.touch === place)
      .sort((a, b) => a.at.getTime() - b.at.getTime());
    const [credit] = own;
    const closesAt = new Date(touch.at.getTime() + outcome.within);
    const { suggestionId, decisionId, decidedAt, rank, propensity, offeredValue, productId } = suggestion;
    return {
      accountId: past.accountId,
      trialId,
      startedAt: touch.at,
      closesAt,
      contactId: touch.contactId ?? suggestion.contactId,
      actionId: touch.actionId,
      channelId: touch.channelId,
      productId,
      outcomeId: outcome.outcomeId,
      decisionId,
      decidedAt,
      suggestionId,
      rank,
      label: credit ? 1 : closesAt <= past.at ? 0 : null,
      outcomeAt: credit?.at ?? null,
      value: credit ? worthOf(own, offeredValue) : null,
      offeredValue,
      propensity,
    };
  });
}

/** The sum of what the outcomes were worth; where none says, what was offered. */
function worthOf(credits: readonly { value: number | null }[], offered: number): number {
  const told = credits.flatMap(({ value }) => value ?? []);
  return told.length > 0 ? told.reduce((sum, value) => sum + value, 0) : offered;
}
