import type { DataSource } from 'typeorm';
import type { ChannelId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { ChannelPace, type PaceSpan } from './begin-touch-pace.js';

export class PostgresChannelPace extends ChannelPace {
  constructor(private readonly database: DataSource) {
    super();
  }

  async take(channelId: ChannelId, spans: readonly PaceSpan[], within: Transaction): Promise<boolean> {
    if (spans.length === 0) return true;
    if (spans.some(({ limit }) => limit < 1)) return false;
    const manager = managerOf(within);
    const counted = await manager.query<{ span: string }[]>(
      `with asked as (
         select * from unnest($2::text[], $3::timestamptz[], $4::int[]) as a(span, starts_at, most))
       insert into channel_pace as p (channel_id, span, starts_at, begun)
       select $1, span, starts_at, 1 from asked order by span
       on conflict (channel_id, span, starts_at) do update set begun = p.begun + 1
        where p.begun < (select most from asked where asked.span = p.span)
       returning span`,
      [
        channelId,
        spans.map(({ span }) => span),
        spans.map(({ startsAt }) => startsAt),
        spans.map(({ limit }) => limit),
      ],
    );
    if (counted.length === spans.length) return true;
    const taken = new Set(counted.map(({ span }) => span));
    const back = spans.filter(({ span }) => taken.has(span));
    await manager.query(
      `update channel_pace p set begun = p.begun - 1
         from unnest($2::text[], $3::timestamptz[]) as a(span, starts_at)
        where p.channel_id = $1 and p.span = a.span and p.starts_at = a.starts_at`,
      [channelId, back.map(({ span }) => span), back.map(({ startsAt }) => startsAt)],
    );
    return false;
  }

  async forget(before: Date): Promise<void> {
    await this.database.query('delete from channel_pace where starts_at < $1', [before]);
  }
}
