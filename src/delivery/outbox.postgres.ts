import { managerOf, prepared } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import type { Message } from './message.js';
import { Outbox } from './outbox.js';

/** Channel of `NOTIFY` that wakes the relay when messages were committed. */
export const OUTBOX_CHANNEL = 'nba_outbox';

const PUT = {
  name: 'put-into-outbox',
  text: `
    with told as (
      insert into outbox (message_id, type, occurred_at, account_id, member_ids, data, not_after, next_attempt_at)
      select message_id, type, occurred_at, account_id, member_ids, data, not_after, '-infinity'
        from jsonb_to_recordset($1::jsonb) as given(message_id text, type text, occurred_at timestamptz,
          account_id text, member_ids text[], data jsonb, not_after timestamptz)
    )
    select pg_notify('${OUTBOX_CHANNEL}', '')`,
};

export class PostgresOutbox extends Outbox {
  async put(messages: readonly Message[], within: Transaction): Promise<void> {
    if (messages.length === 0) return;
    await prepared(managerOf(within), PUT, [
      JSON.stringify(
        messages.map((message) => ({
          message_id: message.messageId,
          type: message.type,
          occurred_at: message.occurredAt,
          account_id: message.accountId,
          member_ids: message.memberIds,
          data: message.data,
          not_after: message.notAfter,
        })),
      ),
    ]);
  }
}
