import type { DataSource } from 'typeorm';
import type { MemberId, Role } from '../../catalogue/index.js';
import {
  type Cadence,
  type DigestReader,
  type DigestSetting,
  DigestSettings,
  settingOfRole,
} from './digest-setting.js';

interface Row {
  member_id: MemberId;
  name: string;
  role: Role;
  email: string | null;
  time_zone: string | null;
  locale: string | null;
  cadence: Cadence | null;
  hour: number | null;
  changed_at: Date | null;
}

const READERS = `
  select m.member_id, m.name, m.role, m.email, m.time_zone, m.locale, s.cadence, s.hour, s.changed_at
    from team_members m left join digest_settings s using (member_id)`;

export class PostgresDigestSettings extends DigestSettings {
  constructor(private readonly database: DataSource) {
    super();
  }

  async find(memberId: MemberId): Promise<DigestReader | null> {
    const [row] = await this.database.query<Row[]>(`${READERS} where m.member_id = $1`, [memberId]);
    return row ? readerOf(row) : null;
  }

  async readers(): Promise<DigestReader[]> {
    const rows = await this.database.query<Row[]>(
      `${READERS} where m.email is not null and s.cadence is distinct from 'off' order by m.member_id`,
    );
    return rows.map(readerOf).filter(({ setting }) => setting.cadence !== 'off');
  }

  async countriesOf(memberIds: readonly MemberId[]): Promise<Map<MemberId, string>> {
    const rows = await this.database.query<{ member_id: MemberId; country: string }[]>(
      `select distinct on (t.member_id) t.member_id, a.country
         from account_team t join accounts a using (account_id)
        where t.member_id = any($1) and a.country is not null
        group by t.member_id, a.country
        order by t.member_id, count(*) desc, a.country`,
      [memberIds],
    );
    return new Map(rows.map(({ member_id: memberId, country }) => [memberId, country]));
  }

  async save(
    memberId: MemberId,
    { cadence, hour }: Pick<DigestSetting, 'cadence' | 'hour'>,
    by: string,
    at: Date,
  ): Promise<void> {
    await this.database.query(
      `insert into digest_settings (member_id, cadence, hour, changed_at, changed_by) values ($1, $2, $3, $4, $5)
       on conflict (member_id) do update
         set cadence = excluded.cadence, hour = excluded.hour, changed_at = excluded.changed_at,
             changed_by = excluded.changed_by
       where (digest_settings.cadence, digest_settings.hour) is distinct from (excluded.cadence, excluded.hour)`,
      [memberId, cadence, hour, at, by],
    );
  }
}

function readerOf(row: Row): DigestReader {
  const { cadence, hour, changed_at: changedAt } = row;
  return {
    memberId: row.member_id,
    name: row.name,
    role: row.role,
    email: row.email,
    timeZone: row.time_zone,
    locale: row.locale,
    setting: cadence === null || hour === null ? settingOfRole(row.role) : { cadence, hour, changedAt },
  };
}
