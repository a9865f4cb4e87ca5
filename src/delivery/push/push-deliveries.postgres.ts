import type { DataSource } from 'typeorm';
import { type ClaimedPush, PushDeliveries, type PushEnd } from './push-deliveries.js';
import type { PushNote } from './push-note.js';
import { PUSH_CHANNEL } from './push-sink.postgres.js';
import type { PushSubscriptionId } from './push-subscription.js';

const CLAIM = `
  with due as (
    select d.subscription_id, d.message_id
      from push_deliveries d join push_subscriptions s using (subscription_id)
     where d.state = 'waiting' and d.next_attempt_at <= $1 and (s.rests_until is null or s.rests_until <= $1)
     order by d.next_attempt_at
     limit $4 for update of d skip locked
  ), claimed as (
    update push_deliveries d set next_attempt_at = $2, claim = $3
      from due where d.subscription_id = due.subscription_id and d.message_id = due.message_id
    returning d.*
  )
  select c.subscription_id, c.message_id, c.member_id, c.kind, c.subject_id, c.title, c.urgent, c.not_after, c.step,
         s.endpoint, s.p256dh, s.auth, s.language, s.detailed
    from claimed c join push_subscriptions s using (subscription_id)
   order by c.created_at, c.message_id`;

/** What was said is forgotten as soon as it is over: only that something rang is kept. */
const END = `
  with ended as (
    update push_deliveries
       set state = $4, because = $5, claim = null, next_attempt_at = $6,
           attempts = attempts + case when $7 then 1 else 0 end,
           step = step + case when $7 and $4 = 'waiting' then 1 else 0 end,
           title = case when $4 = 'waiting' then title end
     where subscription_id = $1 and message_id = $2 and claim = $3
    returning subscription_id
  )
  update push_subscriptions s
     set rang_at = case when $4 = 'delivered' then $8 else s.rang_at end,
         rests_until = greatest(s.rests_until, $9::timestamptz)
    from ended
   where s.subscription_id = ended.subscription_id and ($4 = 'delivered' or $9::timestamptz is not null)`;

export class PostgresPushDeliveries extends PushDeliveries {
  constructor(private readonly database: DataSource) {
    super();
  }

  async queue(note: PushNote, subscriptionId: PushSubscriptionId, at: Date): Promise<void> {
    await this.database.query(
      `with queued as (
         insert into push_deliveries
           (subscription_id, message_id, member_id, account_id, kind, subject_id, title, urgent, created_at, not_after,
            next_attempt_at)
         select subscription_id, $2, member_id, $3, $4, $5, $6, $7, $8, $9, $10
           from push_subscriptions where subscription_id = $1
         on conflict do nothing
         returning subscription_id)
       select pg_notify('${PUSH_CHANNEL}', '') from queued`,
      [
        subscriptionId,
        note.messageId,
        note.accountId,
        note.kind,
        note.subjectId,
        note.title,
        note.urgent,
        at,
        note.notAfter,
        note.notBefore,
      ],
    );
  }

  async claim(at: Date, leaseUntil: Date, claim: string, limit: number): Promise<ClaimedPush[]> {
    const rows = await this.database.query<ClaimedRow[]>(CLAIM, [at, leaseUntil, claim, limit]);
    return rows.map((row) => ({
      subscriptionId: row.subscription_id,
      messageId: row.message_id,
      memberId: row.member_id,
      kind: row.kind,
      subjectId: row.subject_id,
      title: row.title,
      urgent: row.urgent,
      notAfter: row.not_after,
      address: { endpoint: row.endpoint, p256dh: row.p256dh, auth: row.auth },
      language: row.language,
      detailed: row.detailed,
      step: row.step,
      claim,
    }));
  }

  async end(
    { subscriptionId, messageId, claim, address }: ClaimedPush,
    end: PushEnd,
    at: Date,
  ): Promise<void> {
    if (end.state === 'gone') {
      // a browser that has subscribed anew under the same endpoint has other keys
      await this.database.query(
        'delete from push_subscriptions where subscription_id = $1 and p256dh = $2 and auth = $3',
        [subscriptionId, address.p256dh, address.auth],
      );
      return;
    }
    const waits = end.state === 'waiting' ? end : null;
    await this.database.query(END, [
      subscriptionId,
      messageId,
      claim,
      end.state,
      'because' in end ? end.because : null,
      waits?.nextAttemptAt ?? null,
      waits?.attempted ?? !['cancelled', 'expired'].includes(end.state),
      at,
      waits?.restsUntil ?? null,
    ]);
  }

  async purge(before: Date, limit: number): Promise<number> {
    const [, count] = await this.database.query<[unknown[], number]>(
      `delete from push_deliveries where (subscription_id, message_id) in (
         select subscription_id, message_id from push_deliveries
          where created_at < $1 and state <> 'waiting' order by created_at limit $2)`,
      [before, limit],
    );
    return count;
  }
}

interface ClaimedRow {
  subscription_id: PushSubscriptionId;
  message_id: string;
  member_id: ClaimedPush['memberId'];
  kind: ClaimedPush['kind'];
  subject_id: string;
  title: string | null;
  urgent: boolean;
  not_after: Date;
  step: number;
  endpoint: string;
  p256dh: string;
  auth: string;
  language: ClaimedPush['language'];
  detailed: boolean;
}
