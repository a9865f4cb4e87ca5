import { managerOf, prepared } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Message } from '../message.js';
import { MessageSink } from '../outbox.js';
import { typesToBeNamed, webhookTypes } from './endpoint.js';

/** Channel of `NOTIFY` that wakes the sending of webhooks. */
export const WEBHOOKS_CHANNEL = 'nba_webhooks';

const KEEP_AND_QUEUE = {
  name: 'keep-and-queue-webhooks',
  text: `
    with kept as (
      insert into webhook_messages (message_id, type, occurred_at, account_id, data, not_after)
      select message_id, type, occurred_at, account_id, data, not_after
        from jsonb_to_recordset($1::jsonb) as given(message_id text, type text, occurred_at timestamptz,
          account_id text, data jsonb, not_after timestamptz)
      on conflict do nothing
      returning message_id, type
    ), queued as (
      insert into webhook_deliveries (endpoint_id, message_id, state, next_attempt_at, created_at)
      select e.endpoint_id, kept.message_id, 'waiting', $2, $2
        from kept join webhook_endpoints e
          on e.enabled and case when cardinality(e.event_types) = 0 then kept.type <> all((select $3::text[])::text[])
                                else kept.type = any(e.event_types) end
      returning 1
    )
    select pg_notify('${WEBHOOKS_CHANNEL}', '') where exists (select from queued)`,
};

/** Keeps every message that webhooks tell, and queues it for the endpoints that want its type. */
export class WebhookSink extends MessageSink {
  async take(messages: readonly Message[], at: Date, within: Transaction): Promise<void> {
    const told = messages.filter(({ type }) => webhookTypes.includes(type));
    if (told.length === 0) return;
    await prepared(managerOf(within), KEEP_AND_QUEUE, [
      JSON.stringify(
        told.map((message) => ({
          message_id: message.messageId,
          type: message.type,
          occurred_at: message.occurredAt,
          account_id: message.accountId,
          data: message.data,
          not_after: message.notAfter,
        })),
      ),
      at,
      typesToBeNamed,
    ]);
  }
}
