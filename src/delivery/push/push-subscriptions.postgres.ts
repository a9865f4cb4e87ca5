import type { DataSource } from 'typeorm';
import type { MemberId } from '../../catalogue/index.js';
import {
  MOST_SUBSCRIPTIONS,
  type PushLanguage,
  type PushSubscription,
  type PushSubscriptionId,
  PushSubscriptions,
} from './push-subscription.js';

interface Row {
  subscription_id: PushSubscriptionId;
  member_id: MemberId;
  endpoint: string;
  p256dh: string;
  auth: string;
  device: string | null;
  language: PushLanguage;
  detailed: boolean;
  created_at: Date;
  expires_at: Date | null;
  rang_at: Date | null;
}

const SAVE = `
  with room as (
    select count(*) < $11 as is_there from push_subscriptions where member_id = $2 and subscription_id <> $1
  ), saved as (
    insert into push_subscriptions as known
      (subscription_id, member_id, endpoint, p256dh, auth, device, language, detailed, created_at, expires_at)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 from room where is_there
    on conflict (subscription_id) do update
      set p256dh = excluded.p256dh, auth = excluded.auth, device = excluded.device, language = excluded.language,
          detailed = excluded.detailed, expires_at = excluded.expires_at, member_id = excluded.member_id,
          created_at = case when known.member_id = excluded.member_id then known.created_at else excluded.created_at end,
          rang_at = case when known.member_id = excluded.member_id then known.rang_at end
    returning subscription_id
  ), others as (
    delete from push_deliveries where subscription_id = $1 and member_id <> $2 and exists (select from saved)
  )
  select exists (select from saved) as saved`;

export class PostgresPushSubscriptions extends PushSubscriptions {
  constructor(private readonly database: DataSource) {
    super();
  }

  async save({
    subscriptionId,
    memberId,
    address,
    ...rest
  }: Omit<PushSubscription, 'rangAt'>): Promise<boolean> {
    const { endpoint, p256dh, auth } = address;
    const { device, language, detailed, createdAt, expiresAt } = rest;
    const [row] = await this.database.query<{ saved: boolean }[]>(SAVE, [
      subscriptionId,
      memberId,
      endpoint,
      p256dh,
      auth,
      device,
      language,
      detailed,
      createdAt,
      expiresAt,
      MOST_SUBSCRIPTIONS,
    ]);
    return row?.saved ?? false;
  }

  async ofMember(memberId: MemberId): Promise<PushSubscription[]> {
    const rows = await this.database.query<Row[]>(
      'select * from push_subscriptions where member_id = $1 order by created_at desc, subscription_id',
      [memberId],
    );
    return rows.map((row) => ({
      subscriptionId: row.subscription_id,
      memberId: row.member_id,
      address: { endpoint: row.endpoint, p256dh: row.p256dh, auth: row.auth },
      device: row.device,
      language: row.language,
      detailed: row.detailed,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      rangAt: row.rang_at,
    }));
  }

  async remove(memberId: MemberId, subscriptionId: PushSubscriptionId): Promise<boolean> {
    const [, count] = await this.database.query<[unknown[], number]>(
      'delete from push_subscriptions where member_id = $1 and subscription_id = $2',
      [memberId, subscriptionId],
    );
    return count > 0;
  }
}
