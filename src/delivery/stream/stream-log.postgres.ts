import type { DataSource } from 'typeorm';
import type { AccountId, MemberId } from '../../catalogue/index.js';
import type { AddressedEntry, StreamEntry, StreamEvent } from './stream-entry.js';
import { StreamLog } from './stream-log.js';

interface Row {
  sequence: string;
  event: StreamEvent;
  data: string;
}

interface AddressedRow extends Row {
  account_id: AccountId | null;
  audience: MemberId[];
}

const toEntry = ({ sequence, event, data }: Row): StreamEntry => ({
  sequence: Number(sequence),
  event,
  data,
});

export class PostgresStreamLog extends StreamLog {
  constructor(private readonly database: DataSource) {
    super();
  }

  async head(): Promise<number> {
    // the floor counts too: a stream whose entries are all forgotten has not begun anew
    const [row] = await this.database.query<{ head: string }[]>(
      `select greatest((select max(sequence) from stream_entries), (select forgotten_to from stream_floor)) as head`,
    );
    return Number(row?.head ?? 0);
  }

  async forgottenTo(): Promise<number> {
    const [row] = await this.database.query<{ forgotten_to: string }[]>(
      'select forgotten_to from stream_floor',
    );
    return Number(row?.forgotten_to ?? 0);
  }

  async after(sequence: number, limit: number): Promise<AddressedEntry[]> {
    const rows = await this.database.query<AddressedRow[]>(
      `select e.sequence, e.event, e.data, e.account_id,
              e.member_ids || coalesce((select array_agg(t.member_id) from account_team t
                                         where t.account_id = e.account_id), '{}') as audience
         from stream_entries e where e.sequence > $1 order by e.sequence limit $2`,
      [sequence, limit],
    );
    return rows.map((row) => ({ ...toEntry(row), accountId: row.account_id, audience: row.audience }));
  }

  async visible({ member, after, upTo, limit }: Parameters<StreamLog['visible']>[0]): Promise<StreamEntry[]> {
    const rows = await this.database.query<Row[]>(
      `select e.sequence, e.event, e.data from stream_entries e
        where e.sequence > $2 and e.sequence <= $3
          and ($1::text is null or $1 = any(e.member_ids) or (e.account_id is null and e.member_ids = '{}')
               or e.account_id in (select t.account_id from account_team t where t.member_id = $1))
        order by e.sequence limit $4`,
      [member, after, upTo, limit],
    );
    return rows.map(toEntry);
  }

  /** Only a whole beginning is forgotten, so that one number tells what is left. */
  async purge(before: Date, limit: number): Promise<number> {
    const [row] = await this.database.query<{ gone: string }[]>(
      `with old as (
         select sequence from stream_entries
          where sequence < coalesce((select min(sequence) from stream_entries where at >= $1), 9223372036854775807)
          order by sequence limit $2
       ), gone as (
         delete from stream_entries where sequence in (select sequence from old) returning sequence
       ), floor as (
         update stream_floor set forgotten_to = greatest(forgotten_to, (select max(sequence) from gone))
          where exists (select from gone)
       )
       select count(*) as gone from gone`,
      [before, limit],
    );
    return Number(row?.gone ?? 0);
  }
}
