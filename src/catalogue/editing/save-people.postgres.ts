import type { EntityManager } from 'typeorm';
import { raisePolicyEpoch } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Account, Contact } from '../account.js';
import type { CatalogueRecords } from '../catalogue-editor.js';
import type { ContactMove } from '../contact-moves.js';
import type { AccountId } from '../ids.js';
import { askForRebuild, ensureStateRows, holdAccounts } from './account-rows.postgres.js';
import { upsert, type WrittenRow } from './upsert.postgres.js';

/** What a write did: ids of the records that are new or have changed, and who moved. */
export interface Saved {
  written: WrittenRow[];
  moved: ContactMove[];
}

/** Accounts with their state rows; a person-account gets itself as contact. */
export async function saveAccounts(
  manager: EntityManager,
  accounts: readonly Account[],
  within: Transaction,
): Promise<Saved> {
  const accountIds = accounts.map(({ accountId }) => accountId);
  await ensureStateRows(manager, accountIds);
  await holdAccounts(manager, accountIds);
  const rezoned = await accountsOfOtherZone(manager, 'accounts', 'account_id', accounts, accountIds);
  const written = await upsert(manager, 'accounts', accounts);
  await ensureOwnContacts(manager, accounts);
  await raisePolicyEpoch(
    written.filter(({ inserted }) => !inserted).flatMap(({ key }) => key),
    within,
  );
  await askForRebuild(manager, rezoned);
  return { written, moved: [] };
}

/** A person-account is its own contact. One that an event made as a stub is completed. */
async function ensureOwnContacts(manager: EntityManager, accounts: readonly Account[]): Promise<void> {
  const persons = accounts.filter(({ kind }) => kind === 'person');
  if (persons.length === 0) return;
  await manager.query(
    `insert into contacts as kept (account_id, contact_id, name, attributes, stub)
     select distinct on (id) id, id, name, '{}'::jsonb, false
       from unnest($1::text[], $2::text[]) as given(id, name) order by id
         on conflict (contact_id) do update
        set stub = false, name = coalesce(kept.name, excluded.name)
      where kept.stub and kept.account_id = excluded.account_id`,
    [persons.map(({ accountId }) => accountId), persons.map(({ name }) => name)],
  );
}

/** Accounts whose events were folded by another local time than the one now given. */
async function accountsOfOtherZone(
  manager: EntityManager,
  table: 'accounts' | 'contacts',
  key: 'account_id' | 'contact_id',
  records: readonly { timeZone: string | null }[],
  ids: readonly string[],
): Promise<string[]> {
  const rows = await manager.query<{ account_id: string }[]>(
    `select distinct kept.account_id
       from ${table} as kept
       join unnest($1::text[], $2::text[]) as given(id, time_zone) on kept.${key} = given.id
      where kept.time_zone is distinct from given.time_zone`,
    [ids, records.map(({ timeZone }) => timeZone)],
  );
  return rows.map((row) => row.account_id);
}

/** Another transaction moved one of the contacts before its accounts were locked: SQLSTATE 40001 has it tried again. */
class MovedMeanwhile extends Error {
  readonly code = '40001';
}

async function accountsNow(
  manager: EntityManager,
  contactIds: readonly string[],
): Promise<Map<string, AccountId>> {
  const rows = await manager.query<{ contact_id: string; account_id: AccountId }[]>(
    'select contact_id, account_id from contacts where contact_id = any($1::text[])',
    [contactIds],
  );
  return new Map(rows.map((row) => [row.contact_id, row.account_id]));
}

/** Contacts under their accounts' locks; one that moves takes the locks of both. */
export async function saveContacts(
  manager: EntityManager,
  contacts: readonly Contact[],
  within: Transaction,
): Promise<Saved> {
  const contactIds = contacts.map(({ contactId }) => contactId);
  const before = await accountsNow(manager, contactIds);
  const held = new Set<string>([...contacts.map(({ accountId }) => accountId), ...before.values()]);
  await holdAccounts(manager, [...held]);
  const locked = await accountsNow(manager, contactIds);
  if ([...locked.values()].some((accountId) => !held.has(accountId))) throw new MovedMeanwhile();

  const target = new Map(contacts.map(({ contactId, accountId }) => [contactId, accountId]));
  const moved = [...target].flatMap(([contactId, to]): ContactMove[] => {
    const from = locked.get(contactId);
    return from === undefined || from === to ? [] : [{ contactId, from, to }];
  });
  const rezoned = await accountsOfOtherZone(manager, 'contacts', 'contact_id', contacts, contactIds);
  const written = await upsert(manager, 'contacts', contacts);

  const touched = written.flatMap(
    ({ key: [contactId = ''] }) => target.get(contactId as Contact['contactId']) ?? [],
  );
  await raisePolicyEpoch([...touched, ...moved.map(({ from }) => from)], within);
  await askForRebuild(manager, [...rezoned, ...moved.flatMap(({ from, to }) => [from, to])]);
  return { written, moved };
}

/** Who looks after whom: the accounts' decisions name performers, so their epoch rises. */
export async function saveAssignments(
  manager: EntityManager,
  assignments: readonly CatalogueRecords['assignments'][],
  within: Transaction,
): Promise<Saved> {
  await holdAccounts(
    manager,
    assignments.map(({ accountId }) => accountId),
  );
  const written = await upsert(manager, 'assignments', assignments);
  await raisePolicyEpoch(
    written.flatMap(({ key }) => key.slice(0, 1)),
    within,
  );
  return { written, moved: [] };
}
