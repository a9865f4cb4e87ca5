import type { Account, AccountId, Contact } from '../../../src/catalogue/index.js';
import { type ConsentFact, type ConsentId, type ConsentStatement, factOf } from '../../../src/consent/index.js';
import type { PastTouch } from '../../../src/contact-policy/index.js';
import type { EventId, EventProperties } from '../../../src/events/index.js';
import type { AccountState, FeatureSet } from '../../../src/features/index.js';
import type { ImportPlan } from '../../../src/importers/index.js';
import type { Situation } from '../../../src/recommender/index.js';
import { addDays } from '../../../src/shared/index.js';

const ACTOR = 'market';
/** Touches that the contact policy may ask about. */
const REMEMBERED_DAYS = 35;

/** What the market tells, as `POST /events` takes it. */
export interface Told {
  messageId: string;
  name: string;
  accountId: string;
  occurredAt: string | Date;
  properties: EventProperties;
}

interface Known {
  account: Account;
  contact: Contact;
  state: AccountState;
  consents: ConsentFact[];
  touches: PastTouch[];
}

/** What the service keeps of accounts in its database, in memory: each is its own contact. */
export class AccountsInMemory {
  private readonly known: ReadonlyMap<AccountId, Known>;
  private count = 0;

  constructor(
    private readonly featureSet: FeatureSet,
    private readonly timeZone: string,
    { people, consents }: ImportPlan,
  ) {
    const contacts = new Map(people.contacts.map((contact) => [contact.contactId as string, contact]));
    this.known = new Map(
      people.accounts.map((account): [AccountId, Known] => {
        const contact = contacts.get(account.accountId);
        if (!contact) throw new Error(`${account.accountId} has no contact`);
        return [account.accountId, { account, contact, state: featureSet.empty(), consents: [], touches: [] }];
      }),
    );
    for (const { accountId, statement } of consents) this.consent(accountId, statement);
  }

  get ids(): AccountId[] {
    return [...this.known.keys()];
  }

  fold({ messageId, name, accountId, occurredAt, properties }: Told): void {
    const { account, contact, state } = this.one(accountId);
    const at = new Date(occurredAt);
    const event = {
      eventId: this.id<EventId>(),
      source: ACTOR,
      messageId,
      name,
      accountId: account.accountId,
      contactId: contact.contactId,
      anonymousId: null,
      memberId: null,
      occurredAt: at,
      recordedAt: at,
      properties,
      origin: 'live' as const,
    };
    this.featureSet.fold(state, event, { timeZone: this.timeZone });
  }

  consent(accountId: string, statement: ConsentStatement): void {
    const { account, contact, consents } = this.one(accountId);
    const of = { consentId: this.id<ConsentId>(), accountId: account.accountId, contactId: contact.contactId };
    const recordedAt = statement.effectiveAt ?? new Date(0);
    const fact = factOf(statement, { ...of, recordedAt, recordedBy: ACTOR });
    if (!fact.ok) throw new Error(`A consent of the market: ${JSON.stringify(fact.error)}`);
    consents.push(fact.value);
  }

  touched(accountId: AccountId, touch: Omit<PastTouch, 'contactId'>): void {
    const { contact, touches } = this.one(accountId);
    touches.push({ ...touch, contactId: contact.contactId });
  }

  situation(accountId: AccountId, at: Date): Situation {
    const known = this.one(accountId);
    const { account, contact, state, consents } = known;
    const since = addDays(at, -REMEMBERED_DAYS);
    known.touches = known.touches.filter((touch) => touch.at >= since);
    return {
      dossier: { account, contacts: [contact], team: [] },
      policyEpoch: 1,
      stateSequence: 1,
      state,
      consents,
      history: { accountId, touches: known.touches, dismissals: [], threads: [], quotes: [] },
      budgets: new Map(),
      openSuggestionIds: new Map(),
    };
  }

  private one(accountId: string): Known {
    const known = this.known.get(accountId as AccountId);
    if (!known) throw new Error(`The market has no account ${accountId}`);
    return known;
  }

  private id<Id extends string>(): Id {
    this.count += 1;
    return `${this.count}` as Id;
  }
}
