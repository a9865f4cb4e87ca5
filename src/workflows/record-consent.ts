import type { AuditTrail } from '../access/index.js';
import type { AccountId, Accounts, Catalogue, Catalogues, ContactId } from '../catalogue/index.js';
import {
  type ConsentFact,
  type ConsentId,
  type ConsentLedger,
  type ConsentStatement,
  factOf,
} from '../consent/index.js';
import type { Outbox } from '../delivery/index.js';
import type { TouchId, TouchLog, TouchPlans } from '../events/index.js';
import type { SuggestionId } from '../recommender/index.js';
import {
  type Clock,
  err,
  type FieldProblem,
  HOUR,
  type Ids,
  ok,
  type Result,
  type Transaction,
  type Transactions,
} from '../shared/index.js';
import type { StandingSuggestions } from '../suggestions/index.js';
import type { AccountLocks } from './account-locks.js';
import type { CloseSuggestions } from './close-suggestions.js';
import { cancelledMessage, consentMessage } from './record-consent-messages.js';
import { refusedByNewConsent, type RefusedTouch } from './refused-by-consent.js';

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
  close: CloseSuggestions;
  touches: TouchLog;
  plans: TouchPlans;
  outbox: Outbox;
  audit: AuditTrail;
  clock: Clock;
  ids: Ids;
}

const NEWS_HOURS = 1;
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

  /** Several statements about one contact, all or none of them, in one transaction. */
  async all(
    contactId: ContactId,
    statements: readonly ConsentStatement[],
    actor: string,
  ): Promise<Result<ConsentConsequences & { consentIds: ConsentId[] }, ConsentRefused>> {
    const facts: ConsentFact[] = [];
    for (const made of await this.factsFrom(
      statements.map((statement) => ({ ...statement, contactId })),
      actor,
    )) {
      if (!made.ok) return made;
      facts.push(made.value);
    }
    const consequences = await this.recordLocked(facts);
    return ok({ consentIds: facts.map(({ consentId }) => consentId), ...consequences });
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
      await this.recordLocked(facts.slice(start, start + FACTS_AT_ONCE), { tells: false });
    return { recorded: facts.length, refused };
  }

  /**
   * The same inside a transaction of somebody else, who has locked the accounts: appends the facts, raises the epochs,
   * withdraws the suggestions and cancels the planned touches that consent refuses now or at their time.
   */
  async within(
    facts: readonly ConsentFact[],
    at: Date,
    within: Transaction,
    { tells = true }: { tells?: boolean } = {},
  ): Promise<ConsentConsequences> {
    const none = { withdrawnSuggestions: [], cancelledTouches: [], inFlight: [] };
    if (facts.length === 0) return none;
    const { ledger, locks } = this.parts;
    await ledger.append(facts, within);
    await locks.raisePolicyEpoch(accountsOf(facts), within);
    await this.audit(facts, within);
    if (tells) await this.tell(facts, at, within);
    const withdrawals = facts.filter((fact) => fact.status === 'withdrawn');
    return withdrawals.length === 0 ? none : this.stop(withdrawals, at, within);
  }

  private recordLocked(
    facts: readonly ConsentFact[],
    telling: { tells?: boolean } = {},
  ): Promise<ConsentConsequences> {
    const { transactions, locks, clock } = this.parts;
    return transactions.run(async (within) => {
      await locks.lock(accountsOf(facts), within);
      return this.within(facts, clock.now(), within, telling);
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
      channels: (await catalogues.current(within)).channels,
      at,
    });
    await this.parts.close.withdraw(refused.suggestions, at, within);
    await this.callBack(refused.sending, at, within);
    return {
      withdrawnSuggestions: refused.suggestions.map(({ suggestion }) => suggestion.suggestionId),
      cancelledTouches: await this.cancel(refused.planned, within),
      inFlight: refused.sending.map(({ touch }) => touch.touchId),
    };
  }

  private async cancel(planned: readonly RefusedTouch[], within: Transaction): Promise<TouchId[]> {
    const cancelled: TouchId[] = [];
    for (const { touch, because } of planned) {
      const change = { to: 'cancelled', rule: 'consent', because } as const;
      if (await this.parts.plans.move(touch, ['planned'], change, within)) cancelled.push(touch.touchId);
    }
    return cancelled;
  }

  /** Those that a connector was asked for: it may not have begun yet. */
  private async callBack(sending: readonly RefusedTouch[], at: Date, within: Transaction): Promise<void> {
    const { plans, outbox, ids } = this.parts;
    const requested: RefusedTouch[] = [];
    for (const refused of sending) {
      const own = await plans.find(refused.touch.touchId, within);
      if (own?.plan.through === 'connector') requested.push(refused);
    }
    await outbox.put(
      requested.map(({ touch, because }) => cancelledMessage(`msg_${ids.next()}`, touch, because, at)),
      within,
    );
  }

  /** What an import brings, or was recorded elsewhere long ago, is no news. */
  private tell(facts: readonly ConsentFact[], at: Date, within: Transaction): Promise<void> {
    const { outbox, ids } = this.parts;
    const news = facts.filter(
      ({ source, recordedAt }) =>
        source !== 'import' && at.getTime() - recordedAt.getTime() < NEWS_HOURS * HOUR,
    );
    return outbox.put(
      news.map((fact) => consentMessage(`msg_${ids.next()}`, fact)),
      within,
    );
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
