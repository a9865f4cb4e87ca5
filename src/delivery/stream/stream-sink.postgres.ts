import { managerOf, prepared } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Message } from '../message.js';
import { MessageSink } from '../outbox.js';
import type { StreamRinger } from './stream-bell.js';
import { eventOf } from './stream-entry.js';

/** Held to the end of the publishing transaction, so that sequences become visible in their order. Any constant. */
const STREAM_LOCK = 7_263_572;

const ENTER = {
  name: 'enter-into-stream',
  text: `
    insert into stream_entries (message_id, event, account_id, member_ids, data, at)
    select given.message_id, given.event, given.account_id, given.member_ids, given.data, $2
      from rows from (jsonb_to_recordset($1::jsonb)
             as (message_id text, event text, account_id text, member_ids text[], data text))
           with ordinality as given(message_id, event, account_id, member_ids, data, place)
     order by place
        on conflict (message_id) do nothing`,
};

/** Publishes messages to the stream: gives them their sequence. */
export class PostgresStreamSink extends MessageSink {
  constructor(private readonly ringer: StreamRinger) {
    super();
  }

  async take(messages: readonly Message[], at: Date, within: Transaction): Promise<void> {
    const entries = messages.flatMap((message) => {
      const event = eventOf[message.type];
      if (event === undefined) return [];
      const { messageId, accountId, memberIds, data } = message;
      return [
        {
          message_id: messageId,
          event,
          account_id: accountId,
          member_ids: memberIds,
          data: JSON.stringify(data),
        },
      ];
    });
    if (entries.length === 0) return;
    const manager = managerOf(within);
    await manager.query('select pg_advisory_xact_lock($1)', [STREAM_LOCK]);
    await prepared(manager, ENTER, [JSON.stringify(entries), at]);
    await this.ringer.published(within);
  }

  override afterCommit(messages: readonly Message[]): void {
    if (messages.some(({ type }) => eventOf[type] !== undefined)) this.ringer.committed();
  }
}
