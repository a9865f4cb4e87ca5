import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import type { Message } from '../message.js';
import { MessageSink } from '../outbox.js';
import { noteOf } from './push-note.js';

/** Channel of `NOTIFY` that wakes the sending of pushes. */
export const PUSH_CHANNEL = 'nba_push';

/** Queues what rings for every device of the members whom it addresses in person. */
export class PushSink extends MessageSink {
  async take(messages: readonly Message[], at: Date, within: Transaction): Promise<void> {
    const notes = messages.flatMap((message) => noteOf(message) ?? []);
    if (notes.length === 0) return;
    await managerOf(within).query(
      `with queued as (
         insert into push_deliveries
           (subscription_id, message_id, member_id, account_id, kind, subject_id, title, urgent, created_at, not_after,
            next_attempt_at)
         select s.subscription_id, n.message_id, s.member_id, n.account_id, n.kind, n.subject_id, n.title, n.urgent, $2,
                n.not_after, greatest(n.not_before, $2)
           from jsonb_to_recordset($1::jsonb) as n(message_id text, member_ids text[], account_id text, kind text,
                  subject_id text, title text, urgent boolean, not_before timestamptz, not_after timestamptz)
           join push_subscriptions s on s.member_id = any(n.member_ids)
          where n.not_after > $2 and (s.expires_at is null or s.expires_at > $2)
         on conflict do nothing
         returning next_attempt_at
       )
       select pg_notify('${PUSH_CHANNEL}', '') where exists (select from queued where next_attempt_at <= $2)`,
      [
        JSON.stringify(
          notes.map((note) => ({
            message_id: note.messageId,
            member_ids: note.memberIds,
            account_id: note.accountId,
            kind: note.kind,
            subject_id: note.subjectId,
            title: note.title,
            urgent: note.urgent,
            not_before: note.notBefore,
            not_after: note.notAfter,
          })),
        ),
        at,
      ],
    );
  }
}
