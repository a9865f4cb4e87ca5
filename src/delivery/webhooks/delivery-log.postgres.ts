import type { DataSource } from 'typeorm';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import {
  DeliveryLog,
  type LoggedAttempt,
  type LoggedDelivery,
  type LogQuery,
  type Replay,
} from './delivery-log.js';
import { type EndpointId, PING, typesToBeNamed } from './endpoint.js';
import { WEBHOOKS_CHANNEL } from './webhook-sink.postgres.js';

export class PostgresDeliveryLog extends DeliveryLog {
  constructor(private readonly database: DataSource) {
    super();
  }

  async page({ endpointId, state, messageId, before, limit }: LogQuery): Promise<LoggedDelivery[]> {
    const rows = await this.database.query<
      (Omit<LoggedDelivery, 'attempts'> & { attempts: AttemptText[] })[]
    >(
      `select d.message_id as "messageId", m.type, m.occurred_at as "occurredAt", m.account_id as "accountId",
              d.created_at as "createdAt", d.state, d.because, d.next_attempt_at as "nextAttemptAt",
              coalesce(a.attempts, '[]') as attempts
         from webhook_deliveries d
         join webhook_messages m using (message_id)
         left join lateral (
           select jsonb_agg(jsonb_build_object('attempt', attempt, 'at', at, 'durationMilliseconds', duration_ms,
                    'status', status, 'problem', problem, 'answer', answer, 'nextAttemptAt', next_attempt_at)
                    order by attempt) as attempts
             from webhook_attempts where endpoint_id = d.endpoint_id and message_id = d.message_id) a on true
        where d.endpoint_id = $1 and ($2::text is null or d.state = $2) and ($3::text is null or d.message_id = $3)
          and ($4::timestamptz is null or (d.created_at, d.message_id) < ($4, $5::text))
        order by d.created_at desc, d.message_id desc
        limit $6`,
      [endpointId, state, messageId, before?.createdAt ?? null, before?.messageId ?? null, limit],
    );
    return rows.map((row) => ({ ...row, attempts: row.attempts.map(readAttempt) }));
  }

  async replay(endpointId: EndpointId, replay: Replay, at: Date, within: Transaction): Promise<number> {
    const [row] = await managerOf(within).query<{ waiting: number }[]>(
      `with queued as (
         insert into webhook_deliveries as d (endpoint_id, message_id, state, next_attempt_at, created_at)
         select e.endpoint_id, m.message_id, 'waiting', $2, $2
           from webhook_endpoints e cross join webhook_messages m
          where e.endpoint_id = $1 and (m.not_after is null or m.not_after > $2)
            and case when $3::text is not null then m.message_id = $3
                     else m.occurred_at >= $4 and ($5::timestamptz is null or m.occurred_at < $5)
                      and case when cardinality(e.event_types) = 0 then m.type <> all($7::text[])
                               else m.type = any(e.event_types) end end
         on conflict (endpoint_id, message_id) do update
           set state = 'waiting', because = null, step = 0, next_attempt_at = excluded.next_attempt_at, claim = null
           where not ($6 and d.state in ('delivered', 'waiting'))
         returning 1
       ), woken as (
         select pg_notify('${WEBHOOKS_CHANNEL}', '') where exists (select from queued)
       )
       select (select count(*)::int from queued) as waiting, (select count(*) from woken) as woken`,
      [
        endpointId,
        at,
        replay.messageId,
        replay.since,
        replay.until,
        replay.onlyUndelivered,
        [...typesToBeNamed, PING],
      ],
    );
    return row?.waiting ?? 0;
  }

  async ping(endpointId: EndpointId, messageId: string, at: Date, within: Transaction): Promise<void> {
    await managerOf(within).query(
      `with kept as (
         insert into webhook_messages (message_id, type, occurred_at, data)
         values ($2, $4, $3, jsonb_build_object('endpointId', $1::text))
         returning message_id
       ), queued as (
         insert into webhook_deliveries (endpoint_id, message_id, state, next_attempt_at, created_at)
         select $1, message_id, 'waiting', $3, $3 from kept
       )
       select pg_notify('${WEBHOOKS_CHANNEL}', '')`,
      [endpointId, messageId, at, PING],
    );
  }

  async purge(before: Date, limit: number): Promise<number> {
    const [, gone] = await this.database.query<[unknown[], number]>(
      `delete from webhook_messages where message_id = any(array(
         select message_id from webhook_messages m
          where occurred_at < $1
            and not exists (select from webhook_deliveries d
                              join webhook_endpoints e using (endpoint_id)
                             where d.message_id = m.message_id and d.state = 'waiting' and e.enabled)
          limit $2 for update skip locked))`,
      [before, limit],
    );
    return gone;
  }
}

/** As it comes inside JSON. */
type AttemptText = Omit<LoggedAttempt, 'at' | 'nextAttemptAt'> & { at: string; nextAttemptAt: string | null };

function readAttempt(text: AttemptText): LoggedAttempt {
  const { at, nextAttemptAt } = text;
  return {
    ...text,
    at: new Date(at),
    nextAttemptAt: nextAttemptAt === null ? null : new Date(nextAttemptAt),
  };
}
