import type { Catalogue } from '../catalogue/index.js';
import type { Outbox } from '../delivery/index.js';
import type { AccountEvent } from '../events/index.js';
import type { OutcomeInbox } from '../outcomes/index.js';
import type { Clock, Ids, Transaction } from '../shared/index.js';
import {
  type Contradiction,
  contradictionsOf,
  mayContradict,
  type ResponseRecord,
  type Responses,
  type StandingSuggestions,
  type SuggestionBook,
  wordClosing,
} from '../suggestions/index.js';
import { byReason } from './close-suggestions.js';
import type { DecisionGate } from './decision-gate.js';
import { closedMessage } from './suggestion-messages.js';

export interface CloseContradictedParts {
  book: SuggestionBook;
  standing: StandingSuggestions;
  responses: Responses;
  gate: DecisionGate;
  outbox: Outbox;
  /** Where the learner hears of what was carried out. */
  inbox: OutcomeInbox;
  clock: Clock;
  ids: Ids;
}

/**
 * Closes the suggestions that events contradict, in the transaction that takes the events in; the accounts are locked.
 * What was done counts as such, whoever did it, so that the same is not suggested again at once.
 */
export class CloseContradicted {
  constructor(private readonly parts: CloseContradictedParts) {}

  async run(events: readonly AccountEvent[], catalogue: Catalogue, within: Transaction): Promise<void> {
    const speaking = events.filter(mayContradict);
    if (speaking.length === 0) return;
    const { book, gate, outbox, inbox, clock, ids } = this.parts;
    const at = clock.now();
    const accountIds = [...new Set(speaking.map(({ accountId }) => accountId))];
    const suggestions = await book.standingOf(accountIds, at, within);
    const found = contradictionsOf(speaking, suggestions, catalogue);
    if (found.length === 0) return;
    await this.close(found, at, within);
    const done = found.filter((one) => one.done).map(({ suggestion }) => suggestion.accountId);
    if (done.length > 0) await inbox.notice([...new Set(done)], within);
    await gate.raisePolicyEpoch([...new Set(found.map(({ suggestion }) => suggestion.accountId))], within);
    await outbox.put(
      found.map(({ suggestion, event, state, because }) =>
        closedMessage(
          `msg_${ids.next()}`,
          'suggestion.closed',
          suggestion,
          { state, because: wordClosing(because), eventId: event.eventId },
          at,
        ),
      ),
      within,
    );
  }

  private async close(found: readonly Contradiction[], at: Date, within: Transaction): Promise<void> {
    const { standing, responses } = this.parts;
    await responses.record(
      found.filter(({ done }) => done).map((one) => this.record(one, at)),
      within,
    );
    const pointless = found.filter(({ done }) => !done);
    for (const [because, same] of byReason(pointless)) {
      await standing.close(
        same.map(({ suggestion }) => suggestion),
        'withdrawn',
        because,
        at,
        within,
      );
    }
  }

  /** The event says what a person need not say any more. */
  private record({ suggestion, event, state, because, by }: Contradiction, at: Date): ResponseRecord {
    const response = {
      responseId: this.parts.ids.next(),
      kind: 'completed' as const,
      reason: null,
      until: null,
      note: wordClosing(because),
      memberId: by,
      respondedAt: at,
    };
    return {
      response,
      before: suggestion,
      after: { ...suggestion, state, because: wordClosing(because), closing: because, changedAt: at },
      eventId: event.eventId,
    };
  }
}
