import type { AlertRecords } from '../alerts/index.js';
import { type ContactMove, ContactMoves } from '../catalogue/index.js';
import type { ConsentLedger } from '../consent/index.js';
import type { IdentityStore } from '../events/index.js';
import type { Clock, Transaction } from '../shared/index.js';
import type { StandingSuggestions, TaskBook } from '../suggestions/index.js';

export interface FollowParts {
  identities: IdentityStore;
  consents: ConsentLedger;
  suggestions: StandingSuggestions;
  tasks?: Pick<TaskBook, 'openOf' | 'save'>;
  alerts?: Pick<AlertRecords, 'move'>;
  clock: Clock;
  invalidate: (accountIds: readonly string[], within: Transaction) => Promise<void>;
}

/**
 * What a contact leaves under its old account goes with it: events, touches, threads, quotes, alerts, and consent,
 * whose facts are stated again under the new account, since the ledger is never changed. Suggestions that stood for
 * it under the old account are superseded. The features of both accounts no longer hold, and whoever needs them next
 * rebuilds them.
 */
export class FollowContacts extends ContactMoves {
  constructor(private readonly parts: FollowParts) {
    super();
  }

  async follow(moves: readonly ContactMove[], within: Transaction): Promise<void> {
    if (moves.length === 0) return;
    await this.parts.identities.move(moves, within);
    await this.takeConsentAlong(moves, within);
    await this.supersede(moves, within);
    await this.takeTasksAlong(moves, within);
    await this.parts.alerts?.move(moves, within);
    await this.parts.invalidate([...new Set(moves.flatMap(({ from, to }) => [from, to]))], within);
  }

  private async supersede(moves: readonly ContactMove[], within: Transaction): Promise<void> {
    const { suggestions, clock } = this.parts;
    const from = new Map(moves.map((move) => [move.contactId, move.from]));
    const standing = await suggestions.of([...new Set(from.values())], within);
    const left = standing.filter(({ contactId, accountId }) => from.get(contactId) === accountId);
    if (left.length === 0) return;
    await suggestions.close(left, 'superseded', { code: 'moved', args: {} }, clock.now(), within);
  }

  /** What is still to be done for them. */
  private async takeTasksAlong(moves: readonly ContactMove[], within: Transaction): Promise<void> {
    const { tasks, clock } = this.parts;
    if (!tasks) return;
    const moveOf = new Map(moves.map((move) => [move.contactId, move]));
    const open = await tasks.openOf([...new Set(moves.map(({ from }) => from))], within);
    const moved = open.flatMap((task) => {
      const move = task.contactId === null ? undefined : moveOf.get(task.contactId);
      return move?.from === task.accountId ? { ...task, accountId: move.to, changedAt: clock.now() } : [];
    });
    await tasks.save(moved, within);
  }

  private async takeConsentAlong(moves: readonly ContactMove[], within: Transaction): Promise<void> {
    const accountIds = [...new Set(moves.flatMap(({ from, to }) => [from, to]))];
    const facts = await this.parts.consents.ofAccounts(accountIds, within);
    const stated = moves.flatMap(({ contactId, from, to }) => {
      const known = new Set(facts.get(to)?.map(({ consentId }) => consentId));
      const own = facts.get(from)?.filter((fact) => fact.contactId === contactId) ?? [];
      return own.filter(({ consentId }) => !known.has(consentId)).map((fact) => ({ ...fact, accountId: to }));
    });
    await this.parts.consents.append(stated, within);
  }
}
