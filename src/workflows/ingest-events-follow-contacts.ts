import { type ContactMove, ContactMoves } from '../catalogue/index.js';
import type { ConsentLedger } from '../consent/index.js';
import type { IdentityStore } from '../events/index.js';
import type { Transaction } from '../shared/index.js';

/**
 * What a contact leaves under its old account goes with it: events, touches, threads, quotes, and consent, whose facts
 * are stated again under the new account, since the ledger is never changed. The features of both accounts no longer
 * hold, and whoever needs them next rebuilds them.
 */
export class FollowContacts extends ContactMoves {
  constructor(
    private readonly identities: IdentityStore,
    private readonly consents: ConsentLedger,
    private readonly invalidate: (accountIds: readonly string[], within: Transaction) => Promise<void>,
  ) {
    super();
  }

  async follow(moves: readonly ContactMove[], within: Transaction): Promise<void> {
    if (moves.length === 0) return;
    await this.identities.move(moves, within);
    await this.takeConsentAlong(moves, within);
    await this.invalidate([...new Set(moves.flatMap(({ from, to }) => [from, to]))], within);
  }

  private async takeConsentAlong(moves: readonly ContactMove[], within: Transaction): Promise<void> {
    const accountIds = [...new Set(moves.flatMap(({ from, to }) => [from, to]))];
    const facts = await this.consents.ofAccounts(accountIds, within);
    const stated = moves.flatMap(({ contactId, from, to }) => {
      const known = new Set(facts.get(to)?.map(({ consentId }) => consentId));
      const own = facts.get(from)?.filter((fact) => fact.contactId === contactId) ?? [];
      return own.filter(({ consentId }) => !known.has(consentId)).map((fact) => ({ ...fact, accountId: to }));
    });
    await this.consents.append(stated, within);
  }
}
