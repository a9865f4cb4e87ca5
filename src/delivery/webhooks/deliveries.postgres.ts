import type { DataSource } from 'typeorm';
import { managerOf } from '../../database/index.js';
import type { Transaction } from '../../shared/index.js';
import {
  type AttemptReport,
  type ClaimedDelivery,
  type Consequence,
  type EndpointHealth,
  type Room,
  type StoredMessage,
  WebhookDeliveries,
} from './deliveries.js';
import type { EndpointId } from './endpoint.js';

const CLAIM = `
  with busy as (
    select * from unnest($4::text[], $5::int[]) as b(endpoint_id, under_way)
  ), due as (
    select d.endpoint_id, d.message_id
      from webhook_endpoints e
      left join busy on busy.endpoint_id = e.endpoint_id
     cross join lateral (
       select endpoint_id, message_id from webhook_deliveries w
        where w.endpoint_id = e.endpoint_id and w.state = 'waiting' and w.next_attempt_at <= $1
        order by w.next_attempt_at
        limit greatest(0, case when e.failing_since is null then $6::int else $7::int end - coalesce(busy.under_way, 0))
          for update skip locked) d
     where e.enabled and (e.rests_until is null or e.rests_until <= $1)
     limit $8
  ), claimed as (
    update webhook_deliveries w set next_attempt_at = $2, claim = $3
      from due where w.endpoint_id = due.endpoint_id and w.message_id = due.message_id
    returning w.endpoint_id, w.message_id, w.step
  )
  select c.endpoint_id, c.message_id, c.step, e.url, e.secret,
         case when e.previous_secret_until > $1 then e.previous_secret end as previous_secret,
         m.type, m.occurred_at, m.account_id, m.data, m.not_after
    from claimed c
    join webhook_endpoints e using (endpoint_id)
    join webhook_messages m using (message_id)
   order by m.occurred_at, m.message_id`;

export class PostgresWebhookDeliveries extends WebhookDeliveries {
  constructor(private readonly database: DataSource) {
    super();
  }

  async claim(at: Date, leaseUntil: Date, claim: string, room: Room): Promise<ClaimedDelivery[]> {
    const rows = await this.database.query<ClaimedRow[]>(CLAIM, [
      at,
      leaseUntil,
      claim,
      [...room.underWay.keys()],
      [...room.underWay.values()],
      room.perEndpoint,
      room.perFailingEndpoint,
      room.total,
    ]);
    return rows.map((row) => ({
      endpointId: row.endpoint_id,
      url: row.url,
      secrets: row.previous_secret === null ? [row.secret] : [row.secret, row.previous_secret],
      step: row.step,
      claim,
      message: {
        messageId: row.message_id,
        type: row.type,
        occurredAt: row.occurred_at,
        accountId: row.account_id,
        data: row.data,
        notAfter: row.not_after,
      },
    }));
  }

  async mark(
    delivery: ClaimedDelivery,
    report: AttemptReport,
    consequence: Consequence,
    within: Transaction,
  ): Promise<EndpointHealth> {
    const manager = managerOf(within);
    const next = consequence.state === 'waiting' ? consequence.nextAttemptAt : null;
    await manager.query(
      `with counted as (
         update webhook_deliveries
            set attempts = attempts + 1,
                state = case when claim = $3 then $4 else state end,
                step = case when claim = $3 and $4 = 'waiting' then step + 1 else step end,
                because = case when claim = $3 then $5 else because end,
                next_attempt_at = case when claim = $3 then $6::timestamptz else next_attempt_at end,
                claim = nullif(claim, $3)
          where endpoint_id = $1 and message_id = $2
         returning endpoint_id, message_id, attempts
       )
       insert into webhook_attempts
         (endpoint_id, message_id, attempt, at, duration_ms, status, problem, answer, next_attempt_at)
       select endpoint_id, message_id, attempts, $7, $8, $9, $10, $11, $6 from counted`,
      [
        delivery.endpointId,
        delivery.message.messageId,
        delivery.claim,
        consequence.state,
        'because' in consequence ? consequence.because : null,
        next,
        report.at,
        Math.round(report.durationMilliseconds),
        report.status,
        report.problem,
        report.answer,
      ],
    );
    return this.markEndpoint(delivery.endpointId, report.at, consequence, within);
  }

  async end(
    { endpointId, message, claim }: ClaimedDelivery,
    state: 'expired' | 'cancelled',
    because: string,
  ): Promise<void> {
    await this.database.query(
      `update webhook_deliveries set state = $4, because = $5, next_attempt_at = null, claim = null
        where endpoint_id = $1 and message_id = $2 and claim = $3`,
      [endpointId, message.messageId, claim, state, because],
    );
  }

  async release({ endpointId, message, claim }: ClaimedDelivery, at: Date): Promise<void> {
    await this.database.query(
      `update webhook_deliveries set next_attempt_at = $4, claim = null
        where endpoint_id = $1 and message_id = $2 and claim = $3`,
      [endpointId, message.messageId, claim, at],
    );
  }

  /** A success leaves the endpoint's row alone unless it was failing: all of its attempts share it. */
  private async markEndpoint(
    endpointId: EndpointId,
    at: Date,
    consequence: Consequence,
    within: Transaction,
  ): Promise<EndpointHealth> {
    const manager = managerOf(within);
    if (consequence.state === 'delivered') {
      await manager.query(
        'update webhook_endpoints set failing_since = null where endpoint_id = $1 and failing_since is not null',
        [endpointId],
      );
      return { enabled: true, failingSince: null };
    }
    const [[health]] = await manager.query<[EndpointHealth[], number]>(
      `update webhook_endpoints
          set failing_since = coalesce(failing_since, $2), rests_until = greatest(rests_until, $3::timestamptz)
        where endpoint_id = $1
       returning enabled, failing_since as "failingSince"`,
      [endpointId, at, consequence.state === 'waiting' ? consequence.restsUntil : null],
    );
    return health ?? { enabled: false, failingSince: null };
  }
}

interface ClaimedRow {
  endpoint_id: EndpointId;
  message_id: string;
  step: number;
  url: string;
  secret: string;
  previous_secret: string | null;
  type: StoredMessage['type'];
  occurred_at: Date;
  account_id: StoredMessage['accountId'];
  data: StoredMessage['data'];
  not_after: Date | null;
}
