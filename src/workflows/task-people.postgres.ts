import type { DataSource } from 'typeorm';
import type { AccountId, MemberId, Role } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import type { Colleague } from '../suggestions/index.js';
import { TaskPeople } from './task-people.js';

const COLLEAGUE = `m.member_id as "memberId", m.name, m.role, m.time_zone as "timeZone", m.locale, m.email,
                   m.deputy_id as "deputyId"`;
/** Members of a role who are told of a task that is open for all of them. */
const TOLD_AT_MOST = 200;

export class PostgresTaskPeople extends TaskPeople {
  constructor(private readonly database: DataSource) {
    super();
  }

  private over(within: Transaction | undefined) {
    return within ? managerOf(within) : this.database;
  }

  async members(memberIds: readonly MemberId[], within?: Transaction): Promise<Map<MemberId, Colleague>> {
    const rows = await this.over(within).query<Colleague[]>(
      `select ${COLLEAGUE} from team_members m where m.member_id = any($1)`,
      [memberIds],
    );
    return new Map(rows.map((row) => [row.memberId, row]));
  }

  async teams(accountIds: readonly AccountId[], within?: Transaction): Promise<Map<AccountId, Colleague[]>> {
    const rows = await this.over(within).query<(Colleague & { accountId: AccountId })[]>(
      `select t.account_id as "accountId", ${COLLEAGUE}
         from account_team t join team_members m using (member_id)
        where t.account_id = any($1) order by t.account_id, m.member_id`,
      [accountIds],
    );
    const teams = new Map<AccountId, Colleague[]>();
    for (const { accountId, ...colleague } of rows)
      teams.set(accountId, [...(teams.get(accountId) ?? []), colleague]);
    return teams;
  }

  async withRole(role: Role, within?: Transaction): Promise<MemberId[]> {
    const rows = await this.over(within).query<{ member_id: MemberId }[]>(
      'select member_id from team_members where role = $1 order by member_id limit $2',
      [role, TOLD_AT_MOST],
    );
    return rows.map((row) => row.member_id);
  }

  async countries(
    accountIds: readonly AccountId[],
    within?: Transaction,
  ): Promise<Map<AccountId, string | null>> {
    const rows = await this.over(within).query<{ account_id: AccountId; country: string | null }[]>(
      'select account_id, country from accounts where account_id = any($1)',
      [accountIds],
    );
    return new Map(rows.map((row) => [row.account_id, row.country]));
  }
}
