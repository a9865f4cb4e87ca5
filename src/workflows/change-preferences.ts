import type { AuditTrail } from '../access/index.js';
import type { AccountId, Accounts, Catalogues, ContactId } from '../catalogue/index.js';
import {
  type Choice,
  confirmability,
  type Confirmability,
  confirming,
  type ConsentFact,
  type ConsentId,
  type ConsentLedger,
  type ConsentStatement,
  type Evidence,
  factOf,
  type Preferences,
  type PreferencesChange,
  preferencesOf,
  privacySignal,
  statementsOf,
} from '../consent/index.js';
import type { Touch, TouchLog } from '../events/index.js';
import type { Clock, Ids, Transaction, Transactions } from '../shared/index.js';
import type { AccountLocks } from './account-locks.js';
import type { ConsentConsequences, RecordConsent } from './record-consent.js';

/** A contact's own cap: messages within 7 days; null: none. */
export abstract class OwnCaps {
  abstract find(contactId: ContactId): Promise<number | null>;
  /** True when it was another. Her account is locked. */
  abstract set(contactId: ContactId, messagesPerWeek: number | null, within: Transaction): Promise<boolean>;
}

export interface ChangePreferencesParts {
  transactions: Transactions;
  locks: AccountLocks;
  accounts: Accounts;
  catalogues: Catalogues;
  ledger: ConsentLedger;
  caps: OwnCaps;
  record: RecordConsent;
  touches: TouchLog;
  audit: AuditTrail;
  clock: Clock;
  ids: Ids;
}

/** What her change stopped, and what it came too late for. */
export interface PreferencesChanged extends ConsentConsequences {
  /** The touches of `inFlight`. */
  onTheirWay: Pick<Touch, 'channelId' | 'at'>[];
}

/** How a contact, by a link of ours, says what she wants to get. */
export class ChangePreferences {
  constructor(private readonly parts: ChangePreferencesParts) {}

  /** Null when there is no such contact any more. */
  async show(contactId: ContactId): Promise<Preferences | null> {
    const { accounts, catalogues, ledger, caps, clock } = this.parts;
    if (!(await accounts.accountsOf([contactId])).has(contactId)) return null;
    const [catalogue, facts, cap] = await Promise.all([
      catalogues.current(),
      ledger.ofContact(contactId),
      caps.find(contactId),
    ]);
    return preferencesOf(catalogue, facts, cap, clock.now());
  }

  /**
   * Records what she changed, as her own word, and stops what it refuses, in one transaction. `shown` are the choices that
   * she had before her. Null when there is no such contact any more.
   */
  async change(
    contactId: ContactId,
    change: PreferencesChange,
    shown: readonly Choice[],
    evidence: Evidence,
  ): Promise<PreferencesChanged | null> {
    const { channels } = await this.parts.catalogues.current();
    return this.locked(contactId, async (accountId, known, within) => {
      const at = this.parts.clock.now();
      const statements = statementsOf(change, channels, { facts: known, shown, at }, evidence);
      const under = await this.parts.touches.underWay([accountId], within);
      const stopped = await this.state(contactId, accountId, statements, within);
      if (change.messagesPerWeek !== undefined)
        await this.cap(contactId, accountId, change.messagesPerWeek, within);
      const inFlight = new Set(stopped.inFlight);
      return { ...stopped, onTheirWay: under.filter(({ touchId }) => inFlight.has(touchId)) };
    });
  }

  /** Records, once, what her browser asks for by Global Privacy Control. */
  async honourSignal(contactId: ContactId, proof: string): Promise<void> {
    const { catalogues, ledger } = this.parts;
    const { channels } = await catalogues.current();
    const unsaid = (known: readonly ConsentFact[]) => privacySignal(contactId, channels, known, proof);
    if (unsaid(await ledger.ofContact(contactId)).length === 0) return;
    await this.locked(contactId, (accountId, known, within) =>
      this.state(contactId, accountId, unsaid(known), within),
    );
  }

  async confirmable(contactId: ContactId, consentId: ConsentId): Promise<Confirmability> {
    return confirmability(consentId, await this.parts.ledger.ofContact(contactId));
  }

  /** Makes an unconfirmed consent a grant, once; one that she has refused since stays refused. */
  async confirm(contactId: ContactId, consentId: ConsentId, wording: string): Promise<Confirmability> {
    const confirmed = await this.locked(contactId, async (accountId, known, within) => {
      const standing = confirmability(consentId, known);
      const pending = known.find((fact) => fact.consentId === consentId);
      if (standing !== 'open' || !pending) return standing;
      await this.state(contactId, accountId, [confirming(pending, wording)], within);
      return 'confirmed' as const;
    });
    return confirmed ?? 'unknown';
  }

  /** With the account locked, and all that the contact has said. */
  private async locked<Outcome>(
    contactId: ContactId,
    work: (accountId: AccountId, known: ConsentFact[], within: Transaction) => Promise<Outcome>,
  ): Promise<Outcome | null> {
    const { transactions, locks, accounts, ledger } = this.parts;
    const accountId = (await accounts.accountsOf([contactId])).get(contactId);
    if (accountId === undefined) return null;
    return transactions.run(async (within) => {
      await locks.lock([accountId], within);
      const facts = (await ledger.ofAccounts([accountId], within)).get(accountId) ?? [];
      return work(
        accountId,
        facts.filter((fact) => fact.contactId === contactId),
        within,
      );
    });
  }

  private async state(
    contactId: ContactId,
    accountId: AccountId,
    statements: readonly ConsentStatement[],
    within: Transaction,
  ): Promise<ConsentConsequences> {
    const recordedAt = this.parts.clock.now();
    const facts = statements.map((statement) => {
      const consentId = this.parts.ids.next() as ConsentId;
      const recordedBy = `contact ${contactId}`;
      const fact = factOf(statement, { consentId, accountId, contactId, recordedAt, recordedBy });
      if (!fact.ok) throw new Error(`What is said from now on holds: ${JSON.stringify(fact.error)}`);
      return fact.value;
    });
    return this.parts.record.within(facts, recordedAt, within);
  }

  private async cap(
    contactId: ContactId,
    accountId: AccountId,
    messagesPerWeek: number | null,
    within: Transaction,
  ): Promise<void> {
    const { caps, locks, audit } = this.parts;
    if (!(await caps.set(contactId, messagesPerWeek, within))) return;
    await locks.raisePolicyEpoch([accountId], within);
    const entry = {
      actor: `contact ${contactId}`,
      action: 'own-cap.saved',
      subjectKind: 'contact',
      subjectId: contactId,
      detail: { messagesPerWeek },
    };
    await audit.record([entry], within);
  }
}
