import type { AccountId, Catalogue } from '../catalogue/index.js';
import { type AccountEvent, touchEvents } from '../events/index.js';
import type { OutcomeInbox } from '../outcomes/index.js';
import type { Transaction } from '../shared/index.js';

const outcomeEvents = new WeakMap<Catalogue, ReadonlySet<string>>();

/** Names of the events that any outcome definition reads. */
export function outcomeEventsOf(catalogue: Catalogue): ReadonlySet<string> {
  let names = outcomeEvents.get(catalogue);
  if (!names) {
    names = new Set([...catalogue.outcomes.values()].map(({ event }) => event));
    outcomeEvents.set(catalogue, names);
  }
  return names;
}

/**
 * Tells the learner which accounts to look at, in the transaction that takes their events in: those with a touch that
 * names an action or a suggestion, or an event that an outcome is defined by. What is imported is learned from by training.
 */
export class NoticeOutcomes {
  constructor(private readonly inbox: OutcomeInbox) {}

  async of(events: readonly AccountEvent[], catalogue: Catalogue, within: Transaction): Promise<void> {
    const names = outcomeEventsOf(catalogue);
    const accountIds = new Set<AccountId>();
    for (const { name, origin, accountId, fromBrowser, properties } of events) {
      if (origin === 'import' || fromBrowser) continue;
      const named = properties.actionId ?? properties['suggestionId'];
      const touches = touchEvents[name] !== undefined && named !== undefined;
      if (touches || names.has(name)) accountIds.add(accountId);
    }
    if (accountIds.size > 0) await this.inbox.notice([...accountIds], within);
  }
}
