import type { AccountId, ContactId, ContactMove } from '../catalogue/index.js';
import type { AnonymousItem, AnonymousLink, IncomingItem } from '../events/index.js';
import { byTime, type Entry, type RefusedEntry } from './ingest-events-entry.js';

/** What is known of who is who, as far as a set of entries needs it. */
export interface IdentityView {
  /** Known contacts and their accounts. */
  homes: Map<ContactId, AccountId>;
  /** Contacts whose account only stands in until somebody names the right one. */
  provisional: Set<ContactId>;
  /** Contacts by anonymous or former id. */
  links: Map<string, ContactId>;
}

/** Whom an entry is about. */
export interface Placement {
  entry: Entry;
  contactId: ContactId | null;
  accountId: AccountId;
}

export interface Placing {
  placements: Placement[];
  /** Entries of visitors whom nobody knows yet. */
  anonymous: Entry[];
  /** Contacts that now get the account that they belong to. */
  moves: ContactMove[];
  stubs: {
    accounts: { accountId: AccountId; kind: 'person' | 'company' }[];
    contacts: { contactId: ContactId; accountId: AccountId }[];
  };
  links: AnonymousLink[];
}

export interface NamedIds {
  /** Anonymous ids that are to be linked, or to keep items under. */
  anonymous: string[];
  contacts: ContactId[];
  /** Ids that may be those of contacts: of person-accounts, and former ones. */
  perhaps: ContactId[];
  /** Contacts together with the account that they are said to belong to. */
  claims: [ContactId, AccountId][];
}

/** The anonymous or former id that the item says belongs to its contact. */
function linkedBy(item: IncomingItem): string | undefined {
  if (item.contactId === undefined) return undefined;
  const id =
    item.kind === 'alias' ? item.previousId : item.kind === 'identify' ? item.anonymousId : undefined;
  return id === item.contactId ? undefined : id;
}

export function namedIds(entries: readonly Entry[]): NamedIds {
  const anonymous = new Set<string>();
  const contacts = new Set<string>();
  const perhaps = new Set<string>();
  const claims: NamedIds['claims'] = [];
  for (const { item } of entries) {
    const linked = linkedBy(item);
    if (linked !== undefined) anonymous.add(linked);
    if (item.contactId !== undefined) {
      contacts.add(item.contactId);
      if (item.accountId !== undefined)
        claims.push([item.contactId as ContactId, item.accountId as AccountId]);
      if (item.kind === 'alias') perhaps.add(item.previousId);
    } else {
      if (item.anonymousId !== undefined) anonymous.add(item.anonymousId);
      if (item.accountId !== undefined) perhaps.add(item.accountId);
    }
  }
  return {
    anonymous: [...anonymous],
    contacts: [...contacts] as ContactId[],
    perhaps: [...perhaps] as ContactId[],
    claims,
  };
}

/**
 * Links what identify and alias name, in order of time: the first contact that an anonymous id is told to belong to
 * keeps it. `view.links` learns the new links. An alias that would make one of two known contacts is refused.
 */
export function linkAnonymous(
  sorted: readonly Entry[],
  view: IdentityView,
): { accepted: Entry[]; refused: RefusedEntry[]; links: AnonymousLink[] } {
  const accepted: Entry[] = [];
  const refused: RefusedEntry[] = [];
  const links: AnonymousLink[] = [];
  for (const entry of sorted) {
    const { item } = entry;
    const id = linkedBy(item);
    const contactId = contactOf(item, view);
    if (id === undefined || contactId === null || id === contactId) {
      accepted.push(entry);
      continue;
    }
    const reason = item.kind === 'alias' ? whyNotAlias(id, contactId, view) : null;
    if (reason !== null) {
      refused.push({ entry, pointer: '/previousId', reason });
      continue;
    }
    accepted.push(entry);
    if (view.links.has(id)) continue;
    view.links.set(id, contactId);
    links.push({ anonymousId: id, contactId });
  }
  return { accepted, refused, links };
}

function whyNotAlias(previousId: string, contactId: ContactId, view: IdentityView): string | null {
  const linked = view.links.get(previousId);
  const known = view.homes.has(previousId as ContactId)
    ? previousId
    : linked !== contactId
      ? linked
      : undefined;
  if (known === undefined) return null;
  return `names two known contacts, "${known}" and "${contactId}": contacts cannot be merged yet; replay this once they can`;
}

function contactOf(item: IncomingItem, view: IdentityView): ContactId | null {
  if (item.contactId !== undefined) {
    const contactId = item.contactId as ContactId;
    return view.homes.has(contactId) ? contactId : (view.links.get(contactId) ?? contactId);
  }
  const linked = item.anonymousId === undefined ? undefined : view.links.get(item.anonymousId);
  if (linked !== undefined) return linked;
  // a person-account is its own contact
  const person = item.accountId as ContactId | undefined;
  return person !== undefined && (view.homes.get(person) as string | undefined) === person ? person : null;
}

/** What was kept under ids that are linked now, as entries: they fold, and never fire. */
export function joinedEntries(
  items: readonly AnonymousItem[],
  links: readonly AnonymousLink[],
  now: Date,
): Entry[] {
  const contactOf = new Map(links.map((link) => [link.anonymousId, link.contactId]));
  return items.map((kept) => ({
    batch: -1,
    index: -1,
    item: { ...kept.item, contactId: contactOf.get(kept.anonymousId) },
    key: kept.eventId,
    origin: 'joined',
    recordedAt: now,
    recordedBy: kept.recordedBy,
    fromBrowser: kept.fromBrowser,
  })) as Entry[];
}

export function keptItem(entry: Entry): AnonymousItem {
  const { item, key, recordedAt, recordedBy, fromBrowser } = entry;
  return { anonymousId: item.anonymousId ?? '', eventId: key, recordedAt, recordedBy, fromBrowser, item };
}

/**
 * Gives each entry its contact and account. A contact has one account: the one that the catalogue says, else the first
 * (by time) that an item names together with it, else a stub person-account of its own id.
 */
export function placeEntries(
  entries: readonly Entry[],
  view: IdentityView,
  links: AnonymousLink[] = [],
): Placing {
  const placing: Placing = {
    placements: [],
    anonymous: [],
    moves: [],
    stubs: { accounts: [], contacts: [] },
    links,
  };
  const sorted = [...entries].sort(byTime);
  const contacts = sorted.map((entry) => contactOf(entry.item, view));
  const homes = newHomes(sorted, contacts, view, placing);
  const accounts = new Map<AccountId, 'person' | 'company'>();
  sorted.forEach((entry, place) => {
    const contactId = contacts[place] ?? null;
    const named = entry.item.accountId as AccountId | undefined;
    const accountId = contactId === null ? named : (homes.get(contactId) ?? view.homes.get(contactId));
    if (accountId === undefined) {
      placing.anonymous.push(entry);
      return;
    }
    placing.placements.push({ entry, contactId, accountId });
    if (named !== undefined && !accounts.has(named)) accounts.set(named, 'company');
    if ((contactId as string | null) === accountId) accounts.set(accountId, 'person');
    else if (!accounts.has(accountId)) accounts.set(accountId, 'company');
  });
  placing.stubs.accounts = [...accounts].map(([accountId, kind]) => ({ accountId, kind }));
  return placing;
}

/** Homes of contacts that have none, or only a provisional one. */
function newHomes(
  sorted: readonly Entry[],
  contacts: readonly (ContactId | null)[],
  view: IdentityView,
  placing: Placing,
): Map<ContactId, AccountId> {
  const claims = new Map<ContactId, AccountId>();
  const homeless = new Set<ContactId>();
  sorted.forEach(({ item }, place) => {
    const contactId = contacts[place];
    if (!contactId) return;
    if (item.accountId !== undefined && !claims.has(contactId))
      claims.set(contactId, item.accountId as AccountId);
    if (!view.homes.has(contactId)) homeless.add(contactId);
  });
  const homes = new Map<ContactId, AccountId>();
  for (const contactId of homeless) {
    const accountId = claims.get(contactId) ?? (contactId as string as AccountId);
    homes.set(contactId, accountId);
    placing.stubs.contacts.push({ contactId, accountId });
  }
  for (const [contactId, to] of claims) {
    const from = view.homes.get(contactId);
    if (from === undefined || from === to || !view.provisional.has(contactId)) continue;
    homes.set(contactId, to);
    placing.moves.push({ contactId, from, to });
  }
  return homes;
}

/** Every account whose row the entries change. */
export function accountsToLock({ placements, moves }: Pick<Placing, 'placements' | 'moves'>): AccountId[] {
  const ids = new Set<AccountId>();
  for (const { entry, accountId } of placements) {
    ids.add(accountId);
    if (entry.item.kind === 'group') ids.add(entry.item.accountId as AccountId);
  }
  for (const { from, to } of moves) ids.add(from).add(to);
  return [...ids];
}
