import type { DataSource } from 'typeorm';
import { prepared } from '../database/index.js';
import type { AccountId, ContactId, MemberId } from './ids.js';
import { type Named, Names } from './names.js';

const NAMES = {
  name: 'names',
  text: `
    select 'account' as kind, account_id as id, name from accounts where account_id = any((select $1::text[])::text[])
     union all
    select 'contact', contact_id, name from contacts where contact_id = any((select $2::text[])::text[]) and name is not null
     union all
    select 'member', member_id, name from team_members where member_id = any((select $3::text[])::text[])`,
};

export class PostgresNames extends Names {
  constructor(private readonly database: DataSource) {
    super();
  }

  async of(ids: {
    accounts: readonly AccountId[];
    contacts: readonly ContactId[];
    members: readonly MemberId[];
  }): Promise<Named> {
    const rows = await prepared<{ kind: string; id: string; name: string }>(this.database, NAMES, [
      distinct(ids.accounts),
      distinct(ids.contacts),
      distinct(ids.members),
    ]);
    const named = <Id extends string>(kind: string): Map<Id, string> =>
      new Map(rows.filter((row) => row.kind === kind).map(({ id, name }) => [id as Id, name]));
    return { accounts: named('account'), contacts: named('contact'), members: named('member') };
  }
}

function distinct<Id>(ids: readonly Id[]): Id[] {
  return [...new Set(ids)];
}
