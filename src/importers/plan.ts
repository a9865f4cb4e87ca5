import type {
  Account,
  AccountId,
  Attributes,
  CatalogueKind,
  CatalogueRecords,
  ChannelId,
  Contact,
  ContactId,
} from '../catalogue/index.js';
import type { ConsentStatement } from '../consent/index.js';
import type { IncomingItem } from '../events/index.js';

/** One call of the catalogue editor. */
export type CatalogueStep = {
  [Kind in CatalogueKind]: { kind: Kind; records: CatalogueRecords[Kind][] };
}[CatalogueKind];

/** What is known of one contact's consent. */
export interface PlannedConsent {
  accountId: AccountId;
  contactId: ContactId;
  statement: ConsentStatement;
}

/** These people were contacted on an opt-in channel, so they had agreed to it: a grant from the first contact on. */
export function importedGrant(personId: string, channelId: string, effectiveAt: Date): PlannedConsent {
  return {
    accountId: personId as AccountId,
    contactId: personId as ContactId,
    statement: {
      channelId: channelId as ChannelId,
      purpose: 'marketing',
      status: 'granted',
      source: 'import',
      effectiveAt,
    },
  };
}

/** Everything that a data set brings, read and checked to the last row before the first is written. */
export interface ImportPlan {
  /** Name of the data set, and `source` of its events. */
  name: string;
  /** In the order in which the parts refer to each other. */
  catalogue: CatalogueStep[];
  people: {
    accounts: Account[];
    contacts: Contact[];
    assignments?: CatalogueRecords['assignments'][];
  };
  consents: PlannedConsent[];
  /** Account by account, each in order of time; the same items with the same messageIds on every run. */
  events: Iterable<IncomingItem>;
  counts: { accounts: number; events: number; consents: number; leftOut: Record<string, number> };
}

/** A person who is her own contact. */
export function person(
  id: string,
  about: Partial<Omit<Account, 'accountId' | 'kind' | 'stub'>>,
): { account: Account; contact: Contact } {
  const account: Account = {
    accountId: id as AccountId,
    name: null,
    kind: 'person',
    segment: null,
    region: null,
    country: null,
    timeZone: null,
    locale: null,
    location: null,
    mode: 'assisted',
    attributes: {},
    ...about,
    stub: false,
  };
  const { name, timeZone, locale } = account;
  const reach = { email: null, phone: null, attributes: {}, stub: false };
  return {
    account,
    contact: {
      contactId: id as ContactId,
      accountId: account.accountId,
      name,
      timeZone,
      locale,
      ...reach,
    },
  };
}

/** The attributes that the source tells. */
export function known(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}
