import type { AccountId, Catalogue } from '../catalogue/index.js';
import {
  type Decision,
  type DecisionLog,
  type DecisionOutline,
  type OpenQuestions,
  questionKey,
} from '../recommender/index.js';
import type { Transaction } from '../shared/index.js';
import {
  type ClosedSuggestion,
  policyVersions,
  type Suggestion,
  type SuggestionChanges,
  suggestionOf,
} from '../suggestions/index.js';
import type { DecisionGate } from './decision-gate.js';

export interface PublishParts {
  gate: DecisionGate;
  decisions: DecisionLog;
  questions: OpenQuestions;
  suggestions: SuggestionChanges;
}

interface PublishRules {
  /** A new event makes the decision stale too; else only what the contact policy reads does. */
  stateMustStand: boolean;
  /** What somebody has seen is kept, and nothing is written for that account. A nightly run. */
  keepSeen: boolean;
}

export interface Published<Made extends DecisionOutline> {
  written: Made[];
  /** Accounts whose past has changed since: to be decided again. */
  stale: AccountId[];
  /** Accounts in which somebody is working on suggestions. */
  kept: AccountId[];
  /** What gave way to newer answers; not told of a nightly run. */
  closed: ClosedSuggestion[];
}

/**
 * Puts decisions, one an account, before people: under the accounts' locks, where the epoch that each read still
 * stands, with the suggestions that they make and without those that nobody has seen. The transaction is the caller's;
 * the months of the decisions must be prepared.
 */
export class PublishDecisions {
  constructor(private readonly parts: PublishParts) {}

  /** Before the transaction: makes room for decisions of that time. */
  async prepare(at: Date): Promise<void> {
    await this.parts.decisions.prepare(at);
  }

  /** Fresh decisions: those that stand are logged too, while `told` tells of them. */
  async fresh(
    decisions: readonly Decision[],
    catalogue: Catalogue,
    rules: Pick<PublishRules, 'stateMustStand'> & { told: (published: Published<Decision>) => Promise<void> },
    at: Date,
    within: Transaction,
  ): Promise<Published<Decision>> {
    const { told, ...standing } = rules;
    const published = await this.place(decisions, catalogue, { ...standing, keepSeen: false }, at, within);
    await Promise.all([this.parts.questions.logAndOpen(published.written, within), told(published)]);
    return published;
  }

  /** Decisions of a run, which logs them while it computes. */
  async logged(
    decisions: readonly DecisionOutline[],
    catalogue: Catalogue,
    at: Date,
    within: Transaction,
  ): Promise<Published<DecisionOutline>> {
    const rules = { stateMustStand: false, keepSeen: true };
    const published = await this.place(decisions, catalogue, rules, at, within);
    await this.parts.questions.open(published.written, within);
    return published;
  }

  private async place<Made extends DecisionOutline>(
    decisions: readonly Made[],
    catalogue: Catalogue,
    rules: PublishRules,
    at: Date,
    within: Transaction,
  ): Promise<Published<Made>> {
    const { gate, suggestions } = this.parts;
    const accountIds = decisions.map(({ accountId }) => accountId);
    const epochs = await gate.lock(accountIds, within);
    const seen = rules.keepSeen
      ? await suggestions.accountsWithSeen(accountIds, at, within)
      : new Set<AccountId>();
    const result: Published<Made> = { written: [], stale: [], kept: [], closed: [] };
    const standing: Made[] = [];
    for (const decision of decisions) {
      const now = epochs.get(decision.accountId);
      const stands =
        now?.policyEpoch === decision.policyEpoch &&
        (!rules.stateMustStand || now.stateSequence === decision.stateSequence);
      if (seen.has(decision.accountId)) result.kept.push(decision.accountId);
      else if (!stands) result.stale.push(decision.accountId);
      else standing.push(decision);
    }
    const answers = standing.map((decision) => ({
      accountId: decision.accountId,
      question: questionKey(decision.question),
      suggestions: suggestionsOf(decision, catalogue),
    }));
    const { outrun, closed } = await suggestions.publish(answers, rules.keepSeen, at, within);
    result.closed.push(...closed);
    for (const decision of standing) {
      if (outrun.has(decision.accountId)) result.stale.push(decision.accountId);
      else result.written.push(decision);
    }
    return result;
  }
}

const made = new WeakMap<DecisionOutline, { catalogue: Catalogue; suggestions: Suggestion[] }>();

/** What the places of a decision become; made once for as long as the decision is at hand. */
export function suggestionsOf(decision: DecisionOutline, catalogue: Catalogue): Suggestion[] {
  const known = made.get(decision);
  if (known?.catalogue === catalogue) return known.suggestions;
  const suggestions = placed(decision, catalogue);
  made.set(decision, { catalogue, suggestions });
  return suggestions;
}

function placed(decision: DecisionOutline, catalogue: Catalogue): Suggestion[] {
  const versions = policyVersions(decision.versions);
  return decision.suggestions.map((place) => {
    const action = catalogue.actions.get(place.actionId);
    if (!action)
      throw new Error(`Decision ${decision.decisionId} names the unknown action ${place.actionId}`);
    const product = place.productId === null ? null : (catalogue.products.get(place.productId) ?? null);
    return suggestionOf(decision, place, { action, product }, versions);
  });
}
