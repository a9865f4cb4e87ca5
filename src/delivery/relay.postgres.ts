import type { DataSource } from 'typeorm';
import { managerOf, prepared } from '../database/index.js';
import { SECOND, type Transaction } from '../shared/index.js';
import type { Message } from './message.js';
import { FIRST_REST_MILLISECONDS, LONGEST_REST_MILLISECONDS, WaitingMessages } from './relay.js';

const TAKE = {
  name: 'take-from-outbox',
  text: `
    with taken as (
      delete from outbox where message_id = any(array(
        select message_id from outbox where next_attempt_at <= (select $1::timestamptz)
         order by occurred_at, message_id limit (select $2::int) for update skip locked))
      returning message_id, type, occurred_at, account_id, member_ids, data, not_after
    )
    select * from taken order by occurred_at, message_id`,
};

export class PostgresWaitingMessages extends WaitingMessages {
  constructor(private readonly database: DataSource) {
    super();
  }

  async take(at: Date, limit: number, within: Transaction): Promise<Message[]> {
    const rows = await prepared<OutboxRow>(managerOf(within), TAKE, [at, limit]);
    return rows.map((row) => ({
      messageId: row.message_id,
      type: row.type,
      occurredAt: row.occurred_at,
      accountId: row.account_id,
      memberIds: row.member_ids,
      data: row.data,
      notAfter: row.not_after,
    }));
  }

  async rest(messageId: string, at: Date): Promise<void> {
    await this.database.query(
      `update outbox set tries = tries + 1,
              next_attempt_at = $2::timestamptz + make_interval(secs => least($4, $3 * power(2, least(tries, 20))))
        where message_id = $1`,
      [messageId, at, FIRST_REST_MILLISECONDS / SECOND, LONGEST_REST_MILLISECONDS / SECOND],
    );
  }

  async count(): Promise<number> {
    const [row] = await this.database.query<{ waiting: number }[]>(
      'select count(*)::int as waiting from outbox',
    );
    return row?.waiting ?? 0;
  }
}

interface OutboxRow {
  message_id: string;
  type: Message['type'];
  occurred_at: Date;
  account_id: Message['accountId'];
  member_ids: Message['memberIds'];
  data: Message['data'];
  not_after: Date | null;
}
