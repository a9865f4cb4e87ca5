import type { DataSource } from 'typeorm';
import type { MemberId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { AlertPeople, type Told } from './people.js';

export class PostgresAlertPeople extends AlertPeople {
  constructor(private readonly database: DataSource) {
    super();
  }

  async members(memberIds: readonly MemberId[], within?: Transaction): Promise<Map<MemberId, Told>> {
    if (memberIds.length === 0) return new Map();
    const rows = await (within ? managerOf(within) : this.database).query<Told[]>(
      `select member_id as "memberId", name, role, time_zone as "timeZone", locale, deputy_id as "deputyId"
         from team_members where member_id = any($1)`,
      [[...new Set(memberIds)]],
    );
    return new Map(rows.map((member) => [member.memberId, member]));
  }
}
