import type { AuditTrail } from '../access/index.js';
import type { AccountId, Accounts, Catalogue, Catalogues, ContactId } from '../catalogue/index.js';
import {
  type ConsentFact,
  type ConsentId,
  type ConsentLedger,
  type ConsentStatement,
  factOf,
} from '../consent/index.js';
import type { TouchId, TouchLog } from '../events/index.js';
import type { SuggestionId } from '../recommender/index.js';
import {
  type Clock,
  err,
  type FieldProblem,
  type Ids,
  ok,
  type Result,
  type Transaction,
  type Transactions,
} from '../shared/index.js';
import type { StandingSuggestions } from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';
import { refusedByNewConsent, type RefusedByConsent } from './refused-by-consent.js';

/** What a "no" stopped, and what it came too late for. */
export interface ConsentConsequences {
  withdrawnSuggestions: SuggestionId[];
  cancelledTouches: TouchId[];
  /** Touches that were already being sent when it was recorded. */
  inFlight: TouchId[];
}

export interface ConsentRecorded extends ConsentConsequences {
  consentId: ConsentId;
  recordedAt: Date;
}

export interface ConsentInput extends ConsentStatement {
  contactId: ContactId;
}

/** Why a statement was not recorded; `unknown` names an id that nothing has. */
export interface ConsentRefused {
  unknown: { kind: 'contact' | 'channel' | 'product'; id: string } | null;
  problems: FieldProblem[];
}

export interface RecordConsentParts {
  transactions: Transactions;
  locks: AccountLocks;
  accounts: Accounts;
  catalogues: Catalogues;
  ledger: ConsentLedger;
  suggestions: StandingSuggestions;
  touches: TouchLog;
  audit: AuditTrail;
  clock: Clock;
  ids: Ids;
}

/** Facts of one transaction in bulk recording. */
const FACTS_AT_ONCE = 1000;

/** Records consent, and in the same transaction stops what it refuses from then on. */
export class RecordConsent {
  constructor(private readonly parts: RecordConsentParts) {}

  /** One statement about a contact. */
  async one(
    contactId: ContactId,
    statement: ConsentStatement,
    actor: string,
  ): Promise<Result<ConsentRecorded, ConsentRefused>> {
    const [made] = await this.factsFrom([{ ...statement, contactId }], actor);
    if (!made) throw new Error('One statement makes one fact or one refusal');
    if (!made.ok) return made;
    const fact = made.value;
    const consequences = await this.recordLocked([fact]);
    return ok({ consentId: fact.consentId, recordedAt: fact.recordedAt, ...consequences });
  }

  /** Many statements, as of an import: the valid ones are recorded, the others named by their place. */
  async many(
    inputs: readonly ConsentInput[],
    actor: string,
  ): Promise<{ recorded: number; refused: { index: number; problems: FieldProblem[] }[] }> {
    const facts: ConsentFact[] = [];
    const refused: { index: number; problems: FieldProblem[] }[] = [];
    for (const [index, made] of (await this.factsFrom(inputs, actor)).entries()) {
      if (made.ok) facts.push(made.value);
      else refused.push({ index, problems: made.error.problems });
    }
    for (let start = 0; start < facts.length; start += FACTS_AT_ONCE)
      await this.recordLocked(facts.slice(start, start + FACTS_AT_ONCE));
    return { recorded: facts.length, refused };
  }

  /**
   * The same inside a transaction of somebody else, who has locked the accounts: appends the facts, raises the epochs,
   * withdraws the suggestions and cancels the planned touches that consent refuses now or at their time.
   */
  async within(facts: readonly ConsentFact[], at: Date, within: Transaction): Promise<ConsentConsequences> {
    const none = { withdrawnSuggestions: [], cancelledTouches: [], inFlight: [] };
    if (facts.length === 0) return none;
    const { ledger, locks } = this.parts;
    await ledger.append(facts, within);
    await locks.raisePolicyEpoch(accountsOf(facts), within);
    await this.audit(facts, within);
    const withdrawals = facts.filter((fact) => fact.status === 'withdrawn');
    return withdrawals.length === 0 ? none : this.stop(withdrawals, at, within);
  }

  private recordLocked(facts: readonly ConsentFact[]): Promise<ConsentConsequences> {
    const { transactions, locks, clock } = this.parts;
    return transactions.run(async (within) => {
      await locks.lock(accountsOf(facts), within);
      return this.within(facts, clock.now(), within);
    });
  }

  private async factsFrom(
    inputs: readonly ConsentInput[],
    actor: string,
  ): Promise<Result<ConsentFact, ConsentRefused>[]> {
    const { accounts, catalogues, clock, ids } = this.parts;
    const accountOf = await accounts.accountsOf(inputs.map((input) => input.contactId));
    const catalogue = await catalogues.current();
    const recordedAt = clock.now();
    return inputs.map(({ contactId, ...statement }) => {
      const accountId = accountOf.get(contactId);
      if (accountId === undefined) return err(unknown('contact', contactId));
      const refused = unknownReference(statement, catalogue);
      if (refused) return err(refused);
      const consentId = ids.next() as ConsentId;
      const fact = factOf(statement, { consentId, accountId, contactId, recordedAt, recordedBy: actor });
      return fact.ok ? fact : err({ unknown: null, problems: fact.error });
    });
  }

  private async stop(
    withdrawals: readonly ConsentFact[],
    at: Date,
    within: Transaction,
  ): Promise<ConsentConsequences> {
    const { ledger, suggestions, touches, catalogues } = this.parts;
    const accountIds = accountsOf(withdrawals);
    const contactIds = new Set(withdrawals.map((fact) => fact.contactId));
    const refused = refusedByNewConsent({
      facts: await ledger.ofAccounts(accountIds, within),
      suggestions: (await suggestions.of(accountIds, within)).filter((one) => contactIds.has(one.contactId)),
      touches: (await touches.underWay(accountIds, within)).filter(
        (touch) => touch.contactId !== null && contactIds.has(touch.contactId),
      ),
      channels: (await catalogues.current()).channels,
      at,
    });
    await this.close(refused.suggestions, at, within);
    return {
      withdrawnSuggestions: refused.suggestions.map(({ suggestion }) => suggestion.suggestionId),
      cancelledTouches: await this.cancel(refused.planned, within),
      inFlight: refused.sending.map((touch) => touch.touchId),
    };
  }

  private async close(
    refused: RefusedByConsent['suggestions'],
    at: Date,
    within: Transaction,
  ): Promise<void> {
    for (const [because, withdrawn] of grouped(refused, (one) => one.because)) {
      const ids = withdrawn.map(({ suggestion }) => suggestion);
      await this.parts.suggestions.close(ids, 'withdrawn', because, at, within);
    }
  }

  private async cancel(planned: RefusedByConsent['planned'], within: Transaction): Promise<TouchId[]> {
    const cancelled: TouchId[] = [];
    for (const [accountId, touches] of grouped(planned, (touch) => touch.accountId)) {
      const touchIds = touches.map((touch) => touch.touchId);
      cancelled.push(
        ...(await this.parts.touches.change(accountId, touchIds, ['planned'], 'cancelled', within)),
      );
    }
    return cancelled;
  }

  private audit(facts: readonly ConsentFact[], within: Transaction): Promise<void> {
    const entries = facts.map((fact) => ({
      actor: fact.recordedBy,
      action: 'consent.recorded',
      subjectKind: 'contact',
      subjectId: fact.contactId,
      detail: {
        consentId: fact.consentId,
        channelId: fact.channelId,
        purpose: fact.purpose,
        status: fact.status,
        source: fact.source,
      },
    }));
    return this.parts.audit.record(entries, within);
  }
}

function accountsOf(facts: readonly ConsentFact[]): AccountId[] {
  return [...new Set(facts.map((fact) => fact.accountId))];
}

function grouped<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function unknown(kind: 'contact' | 'channel' | 'product', id: string): ConsentRefused {
  const detail = `there is no ${kind} "${id}": create it first, or correct the id`;
  return { unknown: { kind, id }, problems: [{ pointer: `/${kind}Id`, detail }] };
}

function unknownReference(statement: ConsentStatement, catalogue: Catalogue): ConsentRefused | undefined {
  const { channelId, productId } = statement;
  if (channelId !== '*' && !catalogue.channels.has(channelId)) return unknown('channel', channelId);
  if (productId && !catalogue.products.has(productId)) return unknown('product', productId);
  return undefined;
}
