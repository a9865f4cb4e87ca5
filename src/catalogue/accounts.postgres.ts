import type { DataSource } from 'typeorm';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import type { Account, Contact } from './account.js';
import { type AccountDossier, Accounts } from './accounts.js';
import { ensureStateRows } from './editing/account-rows.postgres.js';
import type { AccountId, ContactId, MemberId } from './ids.js';
import { isStorable } from './records/reader.js';
import type { Assignment } from './team.js';

const ACCOUNTS = `
  select account_id as "accountId", name, kind, segment, region, country, time_zone as "timeZone", locale, location,
         mode, attributes, stub
    from accounts where account_id = any($1::text[])`;
const CONTACTS = `
  select contact_id as "contactId", account_id as "accountId", name, email, phone, time_zone as "timeZone", locale,
         attributes, stub
    from contacts where account_id = any($1::text[]) order by account_id, contact_id`;
const TEAM = `
  select t.account_id as "accountId", t.member_id as "memberId", m.role
    from account_team t join team_members m using (member_id)
   where t.account_id = any($1::text[]) order by t.account_id, t.member_id`;

export class PostgresAccounts extends Accounts {
  constructor(private readonly database: DataSource) {
    super();
  }

  async dossiers(accountIds: readonly AccountId[], within?: Transaction): Promise<AccountDossier[]> {
    if (accountIds.length === 0) return [];
    const [accounts, contacts, team] = await this.parts([...new Set(accountIds)].filter(isStorable), within);
    const dossiers = new Map(
      accounts.map((account): [AccountId, AccountDossier] => [
        account.accountId,
        { account, contacts: [], team: [] },
      ]),
    );
    for (const contact of contacts) dossiers.get(contact.accountId)?.contacts.push(contact);
    for (const assignment of team) dossiers.get(assignment.accountId)?.team.push(assignment);
    return accountIds.flatMap((accountId) => dossiers.get(accountId) ?? []);
  }

  /** The three reads side by side; inside a transaction one after the other, since it has one connection. */
  private async parts(
    accountIds: readonly AccountId[],
    within?: Transaction,
  ): Promise<[Account[], Contact[], Assignment[]]> {
    const manager = within ? managerOf(within) : this.database;
    const accounts = manager.query<Account[]>(ACCOUNTS, [accountIds]);
    if (within) await accounts;
    const contacts = manager.query<Contact[]>(CONTACTS, [accountIds]);
    if (within) await contacts;
    return Promise.all([accounts, contacts, manager.query<Assignment[]>(TEAM, [accountIds])]);
  }

  async accountsOf(
    contactIds: readonly ContactId[],
    within?: Transaction,
  ): Promise<Map<ContactId, AccountId>> {
    const asked = [...new Set(contactIds)].filter(isStorable);
    if (asked.length === 0) return new Map();
    const manager = within ? managerOf(within) : this.database;
    const rows = await manager.query<{ contact_id: ContactId; account_id: AccountId }[]>(
      'select contact_id, account_id from contacts where contact_id = any($1)',
      [asked],
    );
    return new Map(rows.map((row) => [row.contact_id, row.account_id]));
  }

  async ensureStubs(
    { accounts, contacts }: Parameters<Accounts['ensureStubs']>[0],
    within: Transaction,
  ): Promise<void> {
    const manager = managerOf(within);
    if (accounts.length > 0) {
      await ensureStateRows(
        manager,
        accounts.map(({ accountId }) => accountId),
      );
      await manager.query(
        `insert into accounts (account_id, kind, mode, attributes, stub)
         select distinct on (id) id, kind, 'assisted', '{}'::jsonb, true
           from unnest($1::text[], $2::text[]) as given(id, kind) order by id
             on conflict do nothing`,
        [accounts.map(({ accountId }) => accountId), accounts.map(({ kind }) => kind)],
      );
    }
    if (contacts.length === 0) return;
    await manager.query(
      `insert into contacts (account_id, contact_id, attributes, stub)
       select distinct on (contact_id) account_id, contact_id, '{}'::jsonb, true
         from unnest($1::text[], $2::text[]) as given(account_id, contact_id) order by contact_id
           on conflict do nothing`,
      [contacts.map(({ accountId }) => accountId), contacts.map(({ contactId }) => contactId)],
    );
  }

  async assignedAmong(memberId: MemberId, accountIds: readonly AccountId[]): Promise<Set<AccountId>> {
    const asked = [...new Set(accountIds)].filter(isStorable);
    if (asked.length === 0) return new Set();
    const rows = await this.database.query<{ account_id: AccountId }[]>(
      'select account_id from account_team where member_id = $1 and account_id = any($2::text[])',
      [memberId, asked],
    );
    return new Set(rows.map((row) => row.account_id));
  }

  async idsAfter(cursor: AccountId | null, limit: number): Promise<AccountId[]> {
    const rows = await this.database.query<{ account_id: AccountId }[]>(
      `select account_id from accounts where $1::text is null or account_id > $1 order by account_id limit $2`,
      [cursor, limit],
    );
    return rows.map((row) => row.account_id);
  }

  async count(): Promise<number> {
    const [row] = await this.database.query<{ count: string }[]>('select count(*) from accounts');
    return Number(row?.count ?? 0);
  }
}
