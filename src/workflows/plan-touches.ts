import type { AccountId, Catalogues, ChannelKind } from '../catalogue/index.js';
import type { OwnTouch, TouchId, TouchPlans } from '../events/index.js';
import type { DecisionLog, Question, SuggestionId } from '../recommender/index.js';
import type { Clock, Ids, Transactions } from '../shared/index.js';
import type { Suggestion, SuggestionBook } from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';
import type { Decide } from './decide.js';

/** A suggestion that nobody has to perform, whose slot has begun. */
export interface Ripe {
  accountId: AccountId;
  suggestionId: SuggestionId;
}

/** Where the suggestions are found that are due to become touches by themselves. */
export abstract class RipeSuggestions {
  /**
   * Of automated accounts the first of each contact in its decision, of others those that were accepted; none that has a
   * touch already (a cancelled one aside). The earliest slots first.
   */
  abstract at(at: Date, limit: number): Promise<Ripe[]>;
}

export interface PlanTouchesParts {
  transactions: Transactions;
  locks: AccountLocks;
  ripe: RipeSuggestions;
  book: SuggestionBook;
  decisions: DecisionLog;
  decide: Decide;
  catalogues: Catalogues;
  plans: TouchPlans;
  clock: Clock;
  ids: Ids;
}

const AT_ONCE = 200;

/**
 * Makes planned touches of suggestions when their slot comes, not before: what the customer does until then is heard,
 * and nothing that waits counts as a touch. The question is asked once more, so that an account to which something has
 * happened is decided afresh, and only what still stands is planned.
 */
export class PlanTouches {
  constructor(private readonly parts: PlanTouchesParts) {}

  /** Plans what has come due; gives the touches that were planned. */
  async run(): Promise<OwnTouch[]> {
    const { ripe, book, clock } = this.parts;
    const at = clock.now();
    const due = await ripe.at(at, AT_ONCE);
    if (due.length === 0) return [];
    await this.askAgain(
      await book.byIds(
        due.map(({ suggestionId }) => suggestionId),
        at,
      ),
    );
    const asked = new Set(due.map(({ suggestionId }) => suggestionId));
    const still = (await ripe.at(at, AT_ONCE)).filter(({ suggestionId }) => asked.has(suggestionId));
    const suggestions = await book.byIds(
      still.map(({ suggestionId }) => suggestionId),
      at,
    );
    return this.add(suggestions, at);
  }

  /** Each account's questions again: answered by the open decision unless something has happened since. */
  private async askAgain(suggestions: readonly Suggestion[]): Promise<void> {
    const { decisions, decide } = this.parts;
    const open = suggestions.filter(({ state }) => state !== 'accepted');
    const refs = new Map(open.map(({ accountId, decisionId }) => [decisionId, { accountId, decisionId }]));
    const made = await decisions.find([...refs.values()]);
    for (const round of byAccount(made.map(({ question }) => question))) await decide.batch(round);
  }

  private async add(suggestions: readonly Suggestion[], at: Date): Promise<OwnTouch[]> {
    const { transactions, locks, plans, catalogues } = this.parts;
    if (suggestions.length === 0) return [];
    const { channels } = await catalogues.current();
    const touches = suggestions.flatMap((suggestion) => {
      const channel = channels.get(suggestion.channelId);
      return channel ? [this.touchFor(suggestion, channel.kind, at)] : [];
    });
    return transactions.run(async (within) => {
      await locks.lock(
        touches.map(({ touch }) => touch.accountId),
        within,
      );
      return plans.add(touches, within);
    });
  }

  private touchFor(suggestion: Suggestion, kind: ChannelKind, at: Date): OwnTouch {
    const touchId = `touch_${this.parts.ids.next()}` as TouchId;
    const { accountId, slot } = suggestion;
    return {
      touch: {
        touchId,
        accountId,
        contactId: suggestion.contactId,
        channelId: suggestion.channelId,
        purpose: suggestion.purpose,
        actionId: suggestion.actionId,
        productIds: suggestion.productIds,
        topics: suggestion.topics,
        role: 'automatic',
        memberId: null,
        state: 'planned',
        at: slot.from,
      },
      plan: {
        touchId,
        accountId,
        suggestionId: suggestion.suggestionId,
        decisionId: suggestion.decisionId,
        treatmentId: suggestion.treatmentId,
        contentId: suggestion.contentId,
        productId: suggestion.productId,
        through: kind === 'email' ? 'mail' : 'connector',
        slot,
        plannedAt: at,
        nextTryAt: slot.from > at ? slot.from : at,
        tries: 0,
        leaseUntil: null,
        rule: null,
        because: null,
        deliveredAt: null,
        bouncedAt: null,
      },
    };
  }
}

/** Rounds in which no account is asked twice: `Decide` answers one question an account at a time. */
function byAccount(questions: readonly Question[]): Question[][] {
  const rounds: Question[][] = [];
  const asked = new Map<AccountId, number>();
  for (const question of questions) {
    const round = asked.get(question.accountId) ?? 0;
    asked.set(question.accountId, round + 1);
    (rounds[round] ??= []).push(question);
  }
  return rounds;
}
