import type { Outbox } from '../delivery/index.js';
import type { Ids, Transaction } from '../shared/index.js';
import {
  type ClosingReason,
  type StandingSuggestion,
  type StandingSuggestions,
  wordClosing,
} from '../suggestions/index.js';
import { closedMessage } from './suggestion-messages.js';

export interface CloseParts {
  standing: StandingSuggestions;
  outbox: Outbox;
  ids: Ids;
}

export interface Closing {
  suggestion: Pick<StandingSuggestion, 'accountId' | 'suggestionId'>;
  because: ClosingReason;
}

/** Takes suggestions back, and says so to those who see them, in one transaction. Their accounts are locked. */
export class CloseSuggestions {
  constructor(private readonly parts: CloseParts) {}

  /** The contact policy, or consent, refuses them now. */
  async withdraw(closings: readonly Closing[], at: Date, within: Transaction): Promise<void> {
    if (closings.length === 0) return;
    const { standing, outbox, ids } = this.parts;
    const accountIds = [...new Set(closings.map(({ suggestion }) => suggestion.accountId))];
    const stand = new Set((await standing.of(accountIds, within)).map(({ suggestionId }) => suggestionId));
    const closed = closings.filter(({ suggestion }) => stand.has(suggestion.suggestionId));
    for (const [because, same] of byReason(closed)) {
      await standing.close(
        same.map(({ suggestion }) => suggestion),
        'withdrawn',
        because,
        at,
        within,
      );
    }
    await outbox.put(
      closed.map(({ suggestion, because }) =>
        closedMessage(
          `msg_${ids.next()}`,
          'suggestion.withdrawn',
          suggestion,
          { state: 'withdrawn', because: wordClosing(because) },
          at,
        ),
      ),
      within,
    );
  }
}

/** What was closed for the same reason, together. */
export function byReason<One extends { because: ClosingReason }>(
  all: readonly One[],
): [ClosingReason, One[]][] {
  const groups = new Map<string, [ClosingReason, One[]]>();
  for (const one of all) {
    const key = JSON.stringify(one.because);
    const group = groups.get(key);
    if (group) group[1].push(one);
    else groups.set(key, [one.because, [one]]);
  }
  return [...groups.values()];
}
