import { LRUCache } from 'lru-cache';
import type { AccountId, Accounts, ContactId } from '../catalogue/index.js';
import type { ContactHome, IdentityStore } from '../events/index.js';
import type { Transaction } from '../shared/index.js';
import { byTime, type Entry, type RefusedEntry } from './ingest-events-entry.js';
import {
  type IdentityView,
  joinedEntries,
  keptItem,
  linkAnonymous,
  namedIds,
  placeEntries,
  type Placing,
} from './ingest-events-placing.js';
import type { OpenAccounts } from './ingest-events-warm.js';

/** What was guessed about who is who no longer holds: the transaction is tried again with fresh eyes. */
export class IdentityChanged extends Error {}

export interface Identified extends Placing {
  refused: RefusedEntry[];
}

const REMEMBERED = 100_000;

/**
 * Finds whom each entry is about. What it remembers between transactions are guesses: they are checked under the
 * account lock, by `confirm`.
 */
export class Identification {
  private readonly homes = new LRUCache<ContactId, AccountId>({ max: REMEMBERED });
  private readonly links = new LRUCache<string, ContactId>({ max: REMEMBERED });
  private readonly accounts = new LRUCache<AccountId, true>({ max: REMEMBERED });

  constructor(
    private readonly store: IdentityStore,
    private readonly stubs: Pick<Accounts, 'ensureStubs'>,
  ) {}

  /** Links, joins, keeps what stays anonymous, and makes the stubs that are missing. */
  async identify(entries: readonly Entry[], now: Date, within: Transaction): Promise<Identified> {
    const view = await this.look(entries, within);
    const { accepted, refused, links } = linkAnonymous([...entries].sort(byTime), view);
    const joined = joinedEntries(await this.store.link(links, now, within), links, now);
    const placing = placeEntries([...accepted, ...joined], view, links);
    await this.store.keep(placing.anonymous.map(keptItem), within);
    await this.ensureStubs(placing, within);
    return { ...placing, refused };
  }

  /** What is known of everybody whom the entries name; ids of anonymous visitors that matter are held. */
  private async look(entries: readonly Entry[], within: Transaction): Promise<IdentityView> {
    const { store } = this;
    const named = namedIds(entries);
    const view: IdentityView = { homes: new Map(), provisional: new Set(), links: new Map() };
    const held = named.anonymous.filter((id) => !this.recall(this.links, id, view.links));
    const strangers = named.contacts.filter((id) => !this.recall(this.homes, id, view.homes));
    for (const [id, contact] of await store.linked(held, true, within)) view.links.set(id, contact);
    for (const [id, contact] of await store.linked(strangers, false, within)) view.links.set(id, contact);
    const asked = new Set(
      [...strangers, ...named.perhaps, ...view.links.values()].filter(
        (id) => !this.recall(this.homes, id, view.homes),
      ),
    );
    for (const [id, account] of named.claims) if (view.homes.get(id) !== account) asked.add(id);
    const { contacts } = await store.homes([...asked], [], within);
    for (const [id, home] of contacts) setHome(view, id, home);
    return view;
  }

  private recall<Key extends string, Value extends {}>(
    memory: LRUCache<Key, Value>,
    key: Key,
    into: Map<Key, Value>,
  ): boolean {
    const value = memory.get(key);
    if (value !== undefined) into.set(key, value);
    return value !== undefined;
  }

  private async ensureStubs(placing: Placing, within: Transaction): Promise<void> {
    const accounts = placing.stubs.accounts.filter(({ accountId }) => !this.accounts.has(accountId));
    const { contacts } = placing.stubs;
    if (accounts.length + contacts.length > 0) await this.stubs.ensureStubs({ accounts, contacts }, within);
  }

  /**
   * Under the account locks: makes sure that everybody lives where the placements say, asking only about those of whom
   * the opened accounts do not know it. Throws `IdentityChanged` where a guess was wrong.
   */
  async confirm(
    { placements, moves }: Pick<Placing, 'placements' | 'moves'>,
    opened: OpenAccounts,
    within: Transaction,
  ): Promise<void> {
    const moving = new Map(moves.map((move) => [move.contactId, move]));
    const unsure = placements.filter(({ contactId, accountId }) => {
      const account = opened.get(accountId);
      return contactId === null ? account?.timeZone === undefined : !account?.contacts.has(contactId);
    });
    if (unsure.length === 0) return;
    const contactIds = new Set(unsure.flatMap(({ contactId }) => contactId ?? []));
    const accountIds = new Set(
      unsure.flatMap(({ contactId, accountId }) => (contactId === null ? accountId : [])),
    );
    const homes = await this.store.homes([...contactIds], [...accountIds], within);
    for (const { contactId, accountId } of unsure) {
      const account = opened.get(accountId);
      if (contactId === null) {
        const known = homes.accounts.get(accountId);
        if (!known || !account) throw new IdentityChanged(accountId);
        account.timeZone = known.timeZone;
        continue;
      }
      const home = homes.contacts.get(contactId);
      const move = moving.get(contactId);
      const holds = move ? home?.accountId === move.from && home.provisional : home?.accountId === accountId;
      if (!holds || !home || !account) throw new IdentityChanged(contactId);
      account.contacts.set(contactId, home.timeZone);
    }
  }

  /** To be told once the transaction is committed. */
  remember({ placements, links, moves }: Placing): void {
    for (const { contactId, accountId } of placements) {
      this.accounts.set(accountId, true);
      if (contactId !== null) this.homes.set(contactId, accountId);
    }
    for (const { anonymousId, contactId } of links) this.links.set(anonymousId, contactId);
    for (const { from } of moves) this.accounts.delete(from);
  }

  /** Drops every guess about those whom the entries name. */
  forget(entries: readonly Entry[]): void {
    for (const { item } of entries) {
      const ids = [
        item.contactId,
        item.accountId,
        item.anonymousId,
        item.kind === 'alias' ? item.previousId : undefined,
      ];
      for (const id of ids) {
        if (id === undefined) continue;
        this.forgetHome(id as ContactId);
        const linked = this.links.get(id);
        if (linked !== undefined) this.forgetHome(linked);
        this.links.delete(id);
        this.accounts.delete(id as AccountId);
      }
    }
  }

  private forgetHome(contactId: ContactId): void {
    const accountId = this.homes.get(contactId);
    if (accountId !== undefined) this.accounts.delete(accountId);
    this.homes.delete(contactId);
  }
}

function setHome(view: IdentityView, contactId: ContactId, home: ContactHome): void {
  view.homes.set(contactId, home.accountId);
  if (home.provisional) view.provisional.add(contactId);
  else view.provisional.delete(contactId);
}
